//! Which sheets a workbook has, and the texts that they share.

use std::sync::Arc;

use super::package::{LARGEST_KEPT, Package};
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

/// The texts that cells name by their place. Each counts, an empty one too, so that no later one is shifted.
pub(super) fn read_texts(package: &Package, part: Option<&str>) -> Result<Arc<[Box<str>]>, XlsxFault> {
    let Some(part) = part.filter(|part| package.has(part)) else { return Ok(Arc::from([])) };
    let mut xml = Xml::new(package.open_part(part, LARGEST_KEPT)?, part);
    let mut texts = Vec::new();
    loop {
        match xml.next()? {
            Piece::Open { name, .. } if name == "si" => {
                texts.push(rich_text(&mut xml, "si")?.into_boxed_str());
            }
            Piece::End => return Ok(texts.into()),
            _ => {}
        }
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
