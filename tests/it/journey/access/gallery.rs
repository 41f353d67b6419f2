//! The collected pages, shown to browsers as often as need be, byte for byte and under the same policy.

use super::states::{State, collect};
use crate::intake::Intake;
use actix_web::dev::ServerHandle;
use actix_web::web::{Data, Path, get, route};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};

/// The gallery, open to browsers.
pub struct Gallery {
    pub states: Vec<State>,
    url: String,
    server: ServerHandle,
}

impl Gallery {
    /// Collects the pages of every language and shows them.
    pub async fn open() -> Self {
        let mut states = Vec::new();
        for language in ["zh-Hans", "zh-Hant", "en"] {
            states.extend(collect(language).await);
        }
        let assets = assets().await;
        let shown = Data::new((states.clone(), assets));
        let server = HttpServer::new(move || {
            App::new()
                .wrap(mifeng_foundation::serving::security_headers(
                    "no-referrer",
                    false,
                ))
                .app_data(shown.clone())
                .route("/{scripts:on|off}/{number}", get().to(show))
                .default_service(route().to(asset))
        })
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .expect("a free port");
        let url = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self {
            states,
            url,
            server: handle,
        }
    }

    /// The address of a state; without scripts it is what a browser that runs none makes of the page.
    pub fn address(&self, number: usize, scripts: bool) -> String {
        let scripts = if scripts { "on" } else { "off" };
        format!("{}/{scripts}/{number}", self.url)
    }

    pub async fn close(self) {
        self.server.stop(false).await;
    }
}

type Shown = Data<(Vec<State>, Vec<(String, String, String)>)>;

async fn show(path: Path<(String, usize)>, shown: Shown) -> HttpResponse {
    let (scripts, number) = path.into_inner();
    let html = shown.0[number].html.clone();
    let html = if scripts == "off" {
        without_scripts(&html)
    } else {
        html
    };
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(html)
}

async fn asset(request: HttpRequest, shown: Shown) -> HttpResponse {
    match shown.1.iter().find(|(path, _, _)| path == request.path()) {
        Some((_, kind, body)) => HttpResponse::Ok()
            .content_type(kind.as_str())
            .body(body.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}

/// No script runs, and what stands in `<noscript>` is there.
fn without_scripts(html: &str) -> String {
    let mut parts = html.split("<script");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(part.split_once("</script>").map_or("", |(_, rest)| rest));
    }
    text.replace("<noscript>", "").replace("</noscript>", "")
}

async fn assets() -> Vec<(String, String, String)> {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let mut assets: Vec<(String, String, String)> = Vec::new();
    for page in ["write", "poster", "check"] {
        let html = anonymous.get(&format!("/qingxi/en/{page}")).await.text;
        let named = html.split("\"/assets/").skip(1);
        for path in named.filter_map(|rest| rest.split('"').next()) {
            let path = format!("/assets/{path}");
            if assets.iter().all(|(known, _, _)| *known != path) {
                let answer = anonymous.get(&path).await;
                assert_eq!(answer.status, 200, "{path}");
                assets.push((path, answer.header("content-type").to_owned(), answer.text));
            }
        }
    }
    for path in ["/assets/waiting.css", "/assets/waited.css"] {
        let answer = anonymous.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        let kind = answer.header("content-type").to_owned();
        assets.push((path.to_owned(), kind, answer.text));
    }
    intake.stop().await;
    assets
}
