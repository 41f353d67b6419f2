//! Programs that name letters (`CMap`) and functions: only the words, names and numbers of their small languages stay.

use super::super::finding::{Findings, What};
use super::content::without;
use super::names::Names;
use super::syntax::{Lexer, Token};
use super::usual::is_map_of_letters;
use super::values::is_number;

/// Words of a program that names letters (Adobe Technical Note 5014).
const LETTER_WORDS: &str = " findresource begin end dict def begincmap endcmap usecmap beginbfchar endbfchar beginbfrange \
endbfrange begincidrange endcidrange begincidchar endcidchar begincodespacerange endcodespacerange beginnotdefrange \
endnotdefrange beginnotdefchar endnotdefchar currentdict CMapName defineresource pop dup exch true false null beginrearrangedfont \
endrearrangedfont usefont beginusematrix endusematrix ";
/// Names in such a program.
const LETTER_NAMES: &str = " CIDInit ProcSet CIDSystemInfo Registry Ordering Supplement CMapName CMapType CMapVersion CMap WMode \
UIDOffset XUID Adobe-Identity-UCS ";
/// Words of a function (ISO 32000-1, 7.10.5).
const FUNCTION_WORDS: &str = " abs add atan ceiling cos cvi cvr div exp floor idiv ln log mod mul neg round sin sqrt sub truncate \
and bitshift eq false ge gt le lt ne not or true xor if ifelse copy dup exch index pop roll { } ";
/// Letters that one code stands for: a ligature has four at most, of two units each.
const LETTERS_MAX_DIGITS: usize = 32;

/// Which language a program is in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Letters,
    Function,
}

fn has(words: &str, word: &[u8]) -> bool {
    std::str::from_utf8(word)
        .is_ok_and(|word| !word.contains(' ') && words.contains(&format!(" {word} ")))
}

/// The program with what its language does not know taken out; `None` where all of it is known.
pub(super) fn clean(
    program: &[u8],
    language: Language,
    names: &mut Names,
    findings: &mut Findings,
) -> Option<Vec<u8>> {
    let mut lexer = Lexer::new(program, 0);
    let mut cuts = Vec::new();
    while let Some(token) = lexer.token() {
        match token {
            Token::Literal(span) if !super::is_code(&program[span.clone()]) => {
                cuts.push((span.start - 1..lexer.at, b"()".to_vec()));
            }
            Token::Hex(span) if span.len() > LETTERS_MAX_DIGITS => {
                cuts.push((span, b"FFFD".to_vec()));
            }
            Token::Number(span) if !is_number(&program[span.clone()]) => {
                cuts.push((span, b"0".to_vec()));
            }
            Token::Word(span) => {
                let words = match language {
                    Language::Letters => LETTER_WORDS,
                    Language::Function => FUNCTION_WORDS,
                };
                if !has(words, &program[span.clone()]) {
                    cuts.push((span, Vec::new()));
                }
            }
            Token::Name(span) => {
                let name = &program[span.clone()];
                if !has(LETTER_NAMES, name)
                    && !is_map_of_letters(name)
                    && let Some(instead) = names.instead_of(name)
                {
                    cuts.push((span.start - 1..span.end, instead));
                }
            }
            _ => {}
        }
    }
    for remark in lexer.remarks {
        cuts.push((remark, b"\n".to_vec()));
    }
    if cuts.is_empty() {
        return None;
    }
    findings.removed(What::Other);
    Some(without(program, cuts))
}
