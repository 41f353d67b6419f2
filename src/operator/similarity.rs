//! `mifeng similarity`: judging, training and timing the comparing of tips, on files and invented tips only.

use super::cli::say;
use super::files::write_public;
use super::{OperatorError, bench};
use clap::{Args, Subcommand};
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::Entropy;
use mifeng_opening::{Identity, SketchKey};
use mifeng_similarity::generate::{MadeTip, school_tips, street_tips};
use mifeng_similarity::trial::{Trial, TrialError, TrialTip};
use mifeng_similarity::{Feature, Schools, SchoolsError, Tiers, Weights, train};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum SimilarityCommand {
    /// Compare the tips of a file with those before them
    Run(RunArgs),
    /// Make the weights from labelled tips
    Train(TrainArgs),
    /// Time an index of invented tips
    Bench(BenchArgs),
    /// Invent tips with their truth
    Generate(GenerateArgs),
}

/// `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Tips, one JSON object a line, in order of arrival
    #[arg(long)]
    tips: PathBuf,
    /// The office's schools, JSON
    #[arg(long)]
    schools: Option<PathBuf>,
    /// Where the candidates go, one JSON object a line
    #[arg(long)]
    out: PathBuf,
    /// Other weights than the program's own
    #[arg(long)]
    weights: Option<PathBuf>,
}

/// `train`.
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// Labelled tips; may be repeated
    #[arg(long, required = true)]
    tips: Vec<PathBuf>,
    /// The school list of each file of tips, in the same order; "-" for none
    #[arg(long)]
    schools: Vec<PathBuf>,
    /// Where the weights go
    #[arg(long)]
    out: PathBuf,
    /// What the weights are called
    #[arg(long)]
    version: String,
    /// Probability from which two tips are likely the same
    #[arg(long, default_value_t = 0.5)]
    same_from: f32,
    /// Probability from which they may be related
    #[arg(long, default_value_t = 0.15)]
    maybe_from: f32,
}

/// `bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Tips in the index; a tenth of it is timed first, for the growth
    #[arg(long)]
    tips: usize,
    /// Tips that are looked up
    #[arg(long, default_value_t = 1000)]
    queries: usize,
}

/// `generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// The same seed makes the same tips
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Incidents that are told of
    #[arg(long)]
    incidents: usize,
    /// Where the tips go
    #[arg(long)]
    tips: PathBuf,
    /// Where the school list goes; without it, citizens' messages about places of no list are made
    #[arg(long)]
    schools: Option<PathBuf>,
}

/// Does what was asked.
///
/// # Errors
/// [`OperatorError`].
pub fn similarity(
    command: &SimilarityCommand,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<(), OperatorError> {
    match command {
        SimilarityCommand::Run(args) => run(args),
        SimilarityCommand::Train(args) => train(args),
        SimilarityCommand::Bench(args) => bench::bench(args.tips, args.queries, clock, entropy),
        SimilarityCommand::Generate(args) => generate(args),
    }
}

/// A key for one run: what is written at the end holds no hash.
pub(super) fn passing_key() -> SketchKey {
    SketchKey::derive(&Identity::generate())
}

fn run(args: &RunArgs) -> Result<(), OperatorError> {
    let schools = read_schools(args.schools.as_deref())?;
    let weights = match &args.weights {
        Some(path) => {
            Weights::parse(&read(path)?).map_err(|error| OperatorError::malformed(path, error))?
        }
        None => Weights::default(),
    };
    let key = passing_key();
    let mut trial = Trial::new(&schools, &key, weights);
    let mut lines = Vec::new();
    for (number, tip) in read_tips(&args.tips)?.iter().enumerate() {
        let candidates = trial.next(tip).map_err(at_line(&args.tips, number))?;
        lines.push(trial.line(tip, &candidates));
    }
    // A flood is known by its fifth copy; the first four are part of it all the same.
    let campaigns = trial.campaigns();
    for line in &mut lines {
        line.campaign = campaigns.get(&line.tip).cloned();
    }
    write_lines(&args.out, &lines)
}

fn train(args: &TrainArgs) -> Result<(), OperatorError> {
    let key = passing_key();
    let mut files = Vec::new();
    for (number, path) in args.tips.iter().enumerate() {
        let list = args
            .schools
            .get(number)
            .filter(|path| path.as_os_str() != "-");
        let schools = read_schools(list.map(PathBuf::as_path))?;
        files.push((path, read_tips(path)?, schools, list.is_some()));
    }
    let tiers = Tiers {
        same_from: args.same_from,
        maybe_from: args.maybe_from,
    };
    let mut counted = (0, 0);
    let weights = train::weights(&args.version, tiers, |weights| {
        let mut examples = Vec::new();
        for (path, tips, schools, has_list) in &files {
            let found = train::examples(tips, schools, &key, weights);
            let mut found = found.map_err(|error| OperatorError::malformed(path, error))?;
            if *has_list {
                // Where there is a list, a pair without its schools is the exception; the other regression learns from
                // files in which it is the rule.
                found.retain(|example| example.features.get(Feature::Listed) > 0.0);
            }
            examples.extend(found);
        }
        let same = examples.iter().filter(|example| example.is_same).count();
        counted = (examples.len(), same);
        Ok::<_, OperatorError>(examples)
    })?;
    write_public(&args.out, weights.to_toml().as_bytes())?;
    let (pairs, same) = counted;
    say(&format!("{pairs} pairs, {same} of one incident"));
    Ok(())
}

fn generate(args: &GenerateArgs) -> Result<(), OperatorError> {
    let tips: Vec<MadeTip> = match &args.schools {
        Some(path) => {
            let (tips, schools) = school_tips(args.seed, args.incidents);
            let json = serde_json::to_vec_pretty(&schools).expect("names always have a JSON form");
            write_public(path, &json)?;
            tips
        }
        None => street_tips(args.seed, args.incidents),
    };
    write_lines(&args.tips, &tips)
}

fn read(path: &Path) -> Result<String, OperatorError> {
    fs::read_to_string(path).map_err(OperatorError::at(path))
}

fn read_tips(path: &Path) -> Result<Vec<TrialTip>, OperatorError> {
    let text = read(path)?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            // The cause would repeat the line's words.
            serde_json::from_str(line).map_err(|error| {
                OperatorError::malformed(
                    path,
                    format!("line {}, column {}: not a tip", number + 1, error.column()),
                )
            })
        })
        .collect()
}

fn at_line(path: &Path, number: usize) -> impl FnOnce(TrialError) -> OperatorError + '_ {
    move |error| OperatorError::malformed(path, format!("tip {}: {error}", number + 1))
}

/// A list in which two schools share an alias is used, and said to be so: such a tip is about either.
fn read_schools(path: Option<&Path>) -> Result<Schools, OperatorError> {
    let Some(path) = path else {
        return Ok(Schools::default());
    };
    let (schools, clashes) = Schools::from_json_with_clashes(&read(path)?)
        .map_err(|error: SchoolsError| OperatorError::malformed(path, error))?;
    for clash in clashes {
        use std::io::Write as _;
        // A closed terminal is no reason to fail.
        let _ = writeln!(
            std::io::stderr().lock(),
            "{}: {clash}; a tip with that name is about either",
            path.display()
        );
    }
    Ok(schools)
}

fn write_lines<T: Serialize>(path: &Path, items: &[T]) -> Result<(), OperatorError> {
    let mut text = String::new();
    for item in items {
        text.push_str(
            &serde_json::to_string(item).expect("names and numbers always have a JSON form"),
        );
        text.push('\n');
    }
    write_public(path, text.as_bytes())
}
