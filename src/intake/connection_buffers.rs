//! What the buffers of a connection would keep. The allocator wipes memory that is given back; but a server keeps the
//! buffers of an open connection for the next request, and the heads of past requests, whose headers lie in the same
//! buffers, for new ones.

use actix_web::body::MessageBody;
use actix_web::dev::{RequestHead, ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::http::header::{HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

/// Marks an answer after which the connection may stay open.
struct Harmless;

/// Says that neither the request nor its answer held anything in the clear that is not the same for everyone.
pub fn harmless(mut response: HttpResponse) -> HttpResponse {
    response.extensions_mut().insert(Harmless);
    response
}

/// Closes the connection after an answer, and with it gives its buffers back, unless the answer is said to be
/// [`harmless`]. A new handler that says nothing is on the safe side.
///
/// # Errors
/// What the handler fails with.
pub async fn forget_connection(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    detach(request.head_mut());
    let mut response = next.call(request).await?;
    let keeps = response.response().extensions().contains::<Harmless>();
    if !keeps {
        let head = response.response_mut().head_mut();
        head.set_connection_type(ConnectionType::Close);
    }
    Ok(response)
}

/// Copies the headers out of the connection's buffer. The server keeps the heads of past requests for later ones, and a
/// header that is a part of that buffer would keep all of it, the beginning of the body included.
fn detach(head: &mut RequestHead) {
    let mut own = HeaderMap::with_capacity(head.headers().len());
    for (name, value) in head.headers() {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            own.append(name.clone(), value);
        }
    }
    *head.headers_mut() = own;
}
