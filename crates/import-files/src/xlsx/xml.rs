//! The few things that are asked of a part's XML.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::XlsxFault;
use super::package::PartReader;

/// A part's elements and texts, one after another. Prefixes of names are passed over: a workbook has one vocabulary.
pub(super) struct Xml {
    reader: Reader<PartReader>,
    buffer: Vec<u8>,
    part: String,
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Piece {
    Open { name: String, attributes: Attributes },
    Close { name: String },
    Text(String),
    End,
}

#[derive(Debug, Default)]
pub(super) struct Attributes(Vec<(String, String)>);

impl Attributes {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a switch is on.
    pub(super) fn is_on(&self, name: &str) -> bool {
        matches!(self.get(name), Some("1" | "true" | "on"))
    }
}

impl Xml {
    pub(super) fn new(part: PartReader, name: &str) -> Self {
        let mut reader = Reader::from_reader(part);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), part: name.to_owned() }
    }

    pub(super) fn fault(&self, reason: &dyn std::fmt::Display) -> XlsxFault {
        XlsxFault::Part { part: self.part.clone(), reason: reason.to_string() }
    }

    pub(super) fn next(&mut self) -> Result<Piece, XlsxFault> {
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer);
            let piece = match event {
                Ok(Event::Start(start)) => match attributes(&start) {
                    Ok(attributes) => {
                        let name = start.local_name();
                        let name: &str = name.as_ref();
                        Ok(Some(Piece::Open { name: name.to_owned(), attributes }))
                    }
                    Err(reason) => Err(reason),
                },
                Ok(Event::End(end)) => {
                    let name = end.local_name();
                    let name: &str = name.as_ref();
                    Ok(Some(Piece::Close { name: name.to_owned() }))
                }
                Ok(Event::Text(text)) => Ok(Some(Piece::Text(text.xml10_content().into_owned()))),
                Ok(Event::CData(text)) => Ok(Some(Piece::Text(text.xml10_content().into_owned()))),
                Ok(Event::GeneralRef(reference)) => match reference.resolve_char_ref() {
                    Ok(Some(letter)) => Ok(Some(Piece::Text(letter.to_string()))),
                    Ok(None) => {
                        let name = reference.xml10_content();
                        match quick_xml::escape::resolve_predefined_entity(&name) {
                            Some(text) => Ok(Some(Piece::Text(text.to_owned()))),
                            None => Err(format!("&{name}; is not known")),
                        }
                    }
                    Err(reason) => Err(reason.to_string()),
                },
                // Entities of its own would let few bytes stand for many.
                Ok(Event::DocType(_)) => Err("it has a document type, which no workbook has".to_owned()),
                Ok(Event::Eof) => Ok(Some(Piece::End)),
                Ok(_) => Ok(None),
                Err(reason) => Err(reason.to_string()),
            };
            self.reader.get_mut().get_mut().mark();
            match piece {
                Ok(Some(piece)) => return Ok(piece),
                Ok(None) => {}
                Err(reason) => return Err(self.fault(&reason)),
            }
        }
    }

    /// The text up to the end of the element that was opened last, without that of elements in it.
    pub(super) fn text_to(&mut self, name: &str) -> Result<String, XlsxFault> {
        let (mut text, mut depth) = (String::new(), 0);
        loop {
            match self.next()? {
                Piece::Text(more) if depth == 0 => text += &more,
                Piece::Open { .. } => depth += 1,
                Piece::Close { name: closed } if depth == 0 && closed == name => return Ok(text),
                Piece::Close { .. } => depth -= 1,
                Piece::Text(_) => {}
                Piece::End => return Err(self.fault(&"it ends too early")),
            }
        }
    }
}

fn attributes(start: &BytesStart<'_>) -> Result<Attributes, String> {
    let mut found = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|reason| reason.to_string())?;
        let value = attribute
            .normalized_value(quick_xml::XmlVersion::Explicit1_0)
            .map_err(|reason| reason.to_string())?;
        let name = attribute.key.local_name();
        let name: &str = name.as_ref();
        found.push((name.to_owned(), value.into_owned()));
    }
    Ok(Attributes(found))
}

/// The text that a workbook writes with `_x0041_` for letters that XML cannot hold.
pub(super) fn unescaped(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text.as_str());
    while let Some((before, behind)) = rest.split_once("_x") {
        out.push_str(before);
        let code = behind.get(..4).filter(|_| behind.get(4..5) == Some("_"));
        let code = code.filter(|code| code.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(letter) => {
                out.push(letter);
                rest = behind.get(5..).unwrap_or_default();
            }
            None => {
                out.push_str("_x");
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn a_text_comes_back_to_the_letter() {
        for (text, whole) in [
            ("plain", "plain"),
            ("a_x000B_b", "a\u{b}b"),
            ("_x005F_x0041_", "_x0041_"),
            ("_x00", "_x00"),
            ("_xZZZZ_ _xD800_", "_xZZZZ_ _xD800_"),
            ("a_x000D__x000A_b", "a\r\nb"),
            ("_xü123_", "_xü123_"),
        ] {
            assert_eq!(unescaped(text.to_owned()), whole, "{text}");
        }
    }
}
