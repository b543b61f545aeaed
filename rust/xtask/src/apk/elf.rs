//! What a shared library asks of the device, read by `llvm-readelf`.

use std::path::Path;

use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

use super::machine;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Library {
    /// Other libraries, by name.
    pub needs: Vec<String>,
    /// Of each loaded segment, bytes.
    pub alignments: Vec<u64>,
    /// Code that would be changed while loading, which Android refuses.
    pub text_relocations: bool,
}

pub fn look(repo: &Repo, library: &Path) -> Result<Library, Stop> {
    let text = Tool::new(repo, machine::llvm("llvm-readelf"))
        .args(["--dynamic-table", "--program-headers", "--wide"])
        .path(library)
        .read()?;
    let found = parse(&text);
    match found.alignments.is_empty() {
        true => Err(Stop::failed(format!(
            "{}: loads nothing",
            library.display()
        ))),
        false => Ok(found),
    }
}

fn parse(text: &str) -> Library {
    let mut library = Library::default();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if line.contains("(NEEDED)") {
            let name = line
                .rsplit_once('[')
                .and_then(|(_, rest)| rest.split_once(']'));
            library.needs.extend(name.map(|(name, _)| name.to_owned()));
        } else if line.contains("TEXTREL") {
            library.text_relocations = true;
        } else if words.first() == Some(&"LOAD") {
            let last = words.last().and_then(|word| word.strip_prefix("0x"));
            let value = last.and_then(|digits| u64::from_str_radix(digits, 16).ok());
            library.alignments.push(value.unwrap_or(0));
        }
    }
    library
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read() {
        let text = "\
Program Headers:
  Type  Offset   VirtAddr           PhysAddr           FileSiz  MemSiz   Flg Align
  LOAD  0x000000 0x0000000000000000 0x0000000000000000 0x161e48 0x161e48 R   0x4000
  LOAD  0x161e48 0x0000000000165e48 0x0000000000165e48 0x339a58 0x339a58 R E 0x1000
Dynamic section at offset 0x4c6d38 contains 27 entries:
  0x0000000000000001 (NEEDED)       Shared library: [libc.so]
  0x0000000000000016 (TEXTREL)      0x0
";
        let library = parse(text);
        assert_eq!(library.needs, ["libc.so"]);
        assert_eq!(library.alignments, [0x4000, 0x1000]);
        assert!(library.text_relocations);
        assert_eq!(parse(""), Library::default());
    }
}
