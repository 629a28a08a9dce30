//! Which sheets a workbook has, and the texts that they share.

use super::package::{LARGEST_KEPT, Package, PartReader};
use super::xml::{Piece, Xml, unescaped};
use super::{Sheet, XlsxFault};

pub(super) struct Book {
    pub sheets: Vec<Sheet>,
    pub from_1904: bool,
    pub texts: Option<String>,
    pub styles: Option<String>,
}

/// A link of one part to another.
struct Relation {
    id: String,
    kind: String,
    part: String,
}

pub(super) fn read(package: &Package) -> Result<Book, XlsxFault> {
    let main = match package.has("xl/workbook.xml") {
        true => "xl/workbook.xml".to_owned(),
        // A document of another kind of office program tells its kind first.
        false if !package.has("_rels/.rels") && !package.has("mimetype") => {
            return Err(XlsxFault::NotAWorkbook(package.files()));
        }
        false => relations(package, "_rels/.rels", "")?
            .into_iter()
            .find(|relation| relation.kind == "officeDocument")
            .map(|relation| relation.part)
            .ok_or_else(|| XlsxFault::NoPart("xl/workbook.xml".to_owned()))?,
    };
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
    let relations = relations(package, &format!("{folder}/_rels/{file}.rels"), folder)?;
    let mut xml = Xml::new(package.open_part(&main, LARGEST_KEPT)?, &main);
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    loop {
        match xml.next()? {
            Piece::Open { name, attributes } if name == "workbookPr" => {
                from_1904 = attributes.is_on("date1904");
            }
            Piece::Open { name, attributes } if name == "sheet" => {
                let relation =
                    relations.iter().find(|relation| Some(relation.id.as_str()) == attributes.get("id"));
                if let Some(relation) = relation.filter(|relation| relation.kind == "worksheet") {
                    sheets.push(Sheet {
                        name: attributes.get("name").unwrap_or_default().to_owned(),
                        is_hidden: matches!(attributes.get("state"), Some("hidden" | "veryHidden")),
                        part: relation.part.clone(),
                    });
                }
            }
            Piece::End => break,
            _ => {}
        }
    }
    let of_kind = |kind: &str| {
        relations.iter().find(|relation| relation.kind == kind).map(|relation| relation.part.clone())
    };
    Ok(Book { sheets, from_1904, texts: of_kind("sharedStrings"), styles: of_kind("styles") })
}

fn relations(package: &Package, part: &str, folder: &str) -> Result<Vec<Relation>, XlsxFault> {
    let mut xml = Xml::new(package.open_part(part, LARGEST_KEPT)?, part);
    let mut relations = Vec::new();
    loop {
        match xml.next()? {
            Piece::Open { name, attributes } if name == "Relationship" => {
                let target = attributes.get("Target").unwrap_or_default();
                let part = match target.strip_prefix('/') {
                    Some(whole) => whole.to_owned(),
                    None if folder.is_empty() => target.to_owned(),
                    None => format!("{folder}/{}", target.trim_start_matches("./")),
                };
                let kind = attributes.get("Type").unwrap_or_default();
                relations.push(Relation {
                    id: attributes.get("Id").unwrap_or_default().to_owned(),
                    kind: kind.rsplit_once('/').map_or(kind, |(_, kind)| kind).to_owned(),
                    part,
                });
            }
            Piece::End => return Ok(relations),
            _ => {}
        }
    }
}

/// The texts that cells name by their place, read one after another. Each counts, an empty one too, so that no later one
/// is shifted.
#[derive(Default)]
pub struct SharedTexts {
    xml: Option<Xml>,
    texts: Vec<Box<str>>,
}

impl SharedTexts {
    pub(super) fn new(part: PartReader, name: &str) -> Self {
        Self { xml: Some(Xml::new(part, name)), texts: Vec::new() }
    }

    /// Reads the next one, and says whether there was one.
    ///
    /// # Errors
    /// Their part cannot be read on.
    pub fn read_one(&mut self) -> Result<bool, XlsxFault> {
        let Some(xml) = &mut self.xml else { return Ok(false) };
        loop {
            match xml.next()? {
                Piece::Open { name, .. } if name == "si" => {
                    self.texts.push(rich_text(xml, "si")?.into_boxed_str());
                    return Ok(true);
                }
                Piece::End => {
                    self.xml = None;
                    return Ok(false);
                }
                _ => {}
            }
        }
    }

    pub(super) fn all(self) -> Vec<Box<str>> {
        self.texts
    }
}

/// A text of one or several runs; how it is spoken (`rPh`) is no part of it.
pub(super) fn rich_text(xml: &mut Xml, name: &str) -> Result<String, XlsxFault> {
    let mut text = String::new();
    loop {
        match xml.next()? {
            Piece::Open { name, .. } if name == "t" => text += &unescaped(xml.text_to("t")?),
            Piece::Open { name, .. } if name == "rPh" => {
                xml.text_to("rPh")?;
            }
            Piece::Close { name: closed } if closed == name => return Ok(text),
            Piece::End => return Err(xml.fault(&"it ends within a text")),
            _ => {}
        }
    }
}
