//! Starting the process that draws, and believing nothing it says: its pixels are counted against the limits and written
//! as PNG here.

use super::Drawable;
use super::child::{FLAG, NO_FONT, PROBE};
use super::limits::Limits;
use super::wire::{END, LETTERS, PAGE, PROBED, REFUSED, Refusal, SKIPPED};
use png::{BitDepth, ColorType, Compression, Encoder};
use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Drawings at the same time: each may take [`Limits::memory_bytes`].
const AT_ONCE: usize = 2;
/// This program, even after a newer one was installed over it.
const THIS_PROGRAM: &str = "/proc/self/exe";
/// Chinese letters for documents that bring no font of their own.
const FONTS: &[&str] = &[
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
];
const PIECE_BYTES: usize = 64 * 1024;
const BYTES_A_PIXEL: u64 = 3;

/// A file as plain pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// One PNG a page, with no chunk but `IHDR`, `IDAT` and `IEND`.
    pub pages: Vec<Vec<u8>>,
    /// How many pages the file has; more than `pages` where it is longer than [`Limits::pages`].
    pub pages_total: u32,
    /// The numbers of pages, from 1, that could not be drawn; the others are in `pages`, in order.
    pub skipped: Vec<u32>,
    /// Whether letters are missing, because their fonts are neither in the file nor on this machine.
    pub lacks_letters: bool,
}

impl Drawing {
    /// The number of each page in `pages`, from 1.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        (1..).filter(|number| !self.skipped.contains(number))
    }
}

/// Why a file was not drawn. It can be downloaded all the same.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// Too many bytes or pixels.
    #[error("the file is too large to be shown")]
    TooLarge,
    /// Not what it should be, as far as the decoder can tell.
    #[error("the file is damaged")]
    Damaged,
    /// Under a password.
    #[error("the file is under a password")]
    Encrypted,
    /// It took too long.
    #[error("the file took too long to draw")]
    Time,
    /// The process broke, or ran into its bounds; it was kept apart for this.
    #[error("the drawing process broke")]
    Broke,
    /// The process could not be started.
    #[error("the drawing process cannot be started")]
    Start(#[source] io::Error),
}

impl From<Refusal> for RenderError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::TooLarge => Self::TooLarge,
            Refusal::Damaged => Self::Damaged,
            Refusal::Encrypted => Self::Encrypted,
        }
    }
}

/// Whatever goes wrong while reading is the process's end.
impl From<io::Error> for RenderError {
    fn from(_: io::Error) -> Self {
        Self::Broke
    }
}

/// Draws files, each in a process of its own.
#[derive(Clone, Debug)]
pub struct Renderer {
    program: PathBuf,
    /// A collection of fonts with Chinese letters.
    font: Option<PathBuf>,
    permits: Arc<Semaphore>,
}

impl Default for Renderer {
    /// With this program, which must call [`super::child::run_if_asked`] in its `main`.
    fn default() -> Self {
        Self::new(PathBuf::from(THIS_PROGRAM))
    }
}

impl Renderer {
    /// With another program that does.
    #[must_use]
    pub fn new(program: PathBuf) -> Self {
        Self {
            program,
            font: FONTS.iter().map(PathBuf::from).find(|path| path.exists()),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// With another collection of fonts, or none, in place of the one that this machine has.
    #[must_use]
    pub fn with_font(self, font: Option<PathBuf>) -> Self {
        Self { font, ..self }
    }

    /// Draws a file.
    ///
    /// # Errors
    /// [`RenderError`]; the process is gone then, whatever it did.
    pub async fn render(
        &self,
        kind: Drawable,
        file: &[u8],
        limits: Limits,
    ) -> Result<Drawing, RenderError> {
        if u64::try_from(file.len()).is_ok_and(|size| size > limits.input_bytes) {
            return Err(RenderError::TooLarge);
        }
        let _permit = self.permits.acquire().await.expect("never closed");
        let mut child = self.start(kind.name(), &limits)?;
        let mut stdin = child.stdin.take().expect("piped");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let write = async {
            // It may stop reading once it has seen enough.
            let _ = stdin.write_all(file).await;
            drop(stdin);
        };
        let work = async { tokio::join!(write, read(&mut stdout, &limits)).1 };
        let drawn = timeout(limits.wall, work).await;
        // Its bound of processor time ends in a signal that cannot be told from others by what was read.
        let spent = match &drawn {
            Ok(Ok(_)) => false,
            Ok(Err(_)) => ended_by_clock(&mut child).await,
            Err(_) => true,
        };
        let _ = child.kill().await;
        match drawn {
            Ok(drawn) if !spent => drawn,
            _ => Err(RenderError::Time),
        }
    }

    /// Whether the process is confined as it must be: where it is not (an old kernel), nothing should be drawn.
    ///
    /// # Errors
    /// Where it does not run at all.
    pub async fn is_confined(&self) -> Result<bool, RenderError> {
        let limits = Limits::default();
        let mut child = self.start(PROBE, &limits)?;
        let mut stdout = child.stdout.take().expect("piped");
        let mut answer = [0; 2];
        let read = timeout(limits.wall, stdout.read_exact(&mut answer)).await;
        let _ = child.kill().await;
        read.map_err(|_| RenderError::Time)??;
        Ok(answer == [PROBED, 0])
    }

    fn start(&self, what: &str, limits: &Limits) -> Result<Child, RenderError> {
        Command::new(&self.program)
            .args([FLAG, what].map(OsStr::new))
            .arg(self.font.as_deref().unwrap_or(Path::new(NO_FONT)))
            .args(limits.to_arguments())
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A decoder's complaint could quote the file.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(RenderError::Start)
    }
}

/// Whether the process was ended for its use of the processor.
async fn ended_by_clock(child: &mut Child) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    // One that closed its output but lives on is killed right after.
    let status = timeout(std::time::Duration::from_millis(200), child.wait()).await;
    let signal = status
        .ok()
        .and_then(Result::ok)
        .and_then(|status| status.signal());
    // With both bounds alike the kernel sends the hard one's signal.
    signal.is_some_and(|signal| [libc::SIGXCPU, libc::SIGKILL].contains(&signal))
}

/// Reads what the process says, up to its end.
async fn read(
    stdout: &mut (impl AsyncRead + Unpin),
    limits: &Limits,
) -> Result<Drawing, RenderError> {
    let mut drawing = Drawing {
        pages: Vec::new(),
        pages_total: 0,
        skipped: Vec::new(),
        lacks_letters: false,
    };
    loop {
        let met = drawing.pages.len() + drawing.skipped.len();
        let is_room = met < limits.pages.max(1) as usize;
        match stdout.read_u8().await? {
            PAGE if is_room => drawing.pages.push(page(stdout, limits).await?),
            SKIPPED if is_room => {
                let number = u32::try_from(met + 1).map_err(|_| RenderError::Broke)?;
                drawing.skipped.push(number);
            }
            LETTERS if !drawing.lacks_letters => drawing.lacks_letters = true,
            END => {
                drawing.pages_total = stdout.read_u32().await?;
                return Ok(drawing);
            }
            REFUSED => {
                let refusal = Refusal::of_byte(stdout.read_u8().await?);
                return Err(refusal.map_or(RenderError::Broke, Into::into));
            }
            _ => return Err(RenderError::Broke),
        }
    }
}

/// Reads one page's pixels and writes them as PNG, piece by piece.
async fn page(
    stdout: &mut (impl AsyncRead + Unpin),
    limits: &Limits,
) -> Result<Vec<u8>, RenderError> {
    let (width, height) = (stdout.read_u32().await?, stdout.read_u32().await?);
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > limits.pixels {
        return Err(RenderError::Broke);
    }
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    let broke = |_| RenderError::Broke;
    let mut writer = encoder.write_header().map_err(broke)?;
    let mut stream = writer.stream_writer().map_err(broke)?;
    let mut left = pixels * BYTES_A_PIXEL;
    let mut piece = vec![0; PIECE_BYTES];
    while left > 0 {
        let size = usize::try_from(left).unwrap_or(usize::MAX).min(PIECE_BYTES);
        let read = stdout.read_exact(&mut piece[..size]).await?;
        stream.write_all(&piece[..read])?;
        left -= read as u64;
    }
    stream.finish().map_err(broke)?;
    writer.finish().map_err(broke)?;
    Ok(file)
}
