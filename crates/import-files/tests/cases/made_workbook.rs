//! Workbooks made for these tests, part by part, as programs write them and as they should not.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::{CompressionMethod, ZipArchiveWriter};
use std::io::Write as _;

/// A workbook in the making.
pub struct MadeWorkbook {
    sheets: Vec<(String, String, bool)>,
    texts: String,
    formats: Vec<String>,
    from_1904: bool,
}

impl MadeWorkbook {
    /// One whose only sheet has these rows, in XML.
    pub fn of(rows: &str) -> Self {
        let sheets = vec![("Usage".to_owned(), rows.to_owned(), false)];
        Self { sheets, texts: String::new(), formats: Vec::new(), from_1904: false }
    }

    pub fn sheet(mut self, name: &str, rows: &str, is_hidden: bool) -> Self {
        self.sheets.push((name.to_owned(), rows.to_owned(), is_hidden));
        self
    }

    /// The shared texts, in XML.
    pub fn texts(mut self, texts: &str) -> Self {
        self.texts = texts.to_owned();
        self
    }

    /// Codes of formats, which cells name from 1.
    pub fn formats(mut self, codes: &[&str]) -> Self {
        self.formats = codes.iter().map(|code| (*code).to_owned()).collect();
        self
    }

    pub fn counting_from_1904(mut self) -> Self {
        self.from_1904 = true;
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let kind = |kind: &str| {
            format!("http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}")
        };
        let mut names = String::new();
        let mut relations = String::new();
        let mut parts = Vec::new();
        for (place, (name, rows, is_hidden)) in self.sheets.iter().enumerate() {
            let state = if *is_hidden { " state=\"hidden\"" } else { "" };
            names += &format!("<sheet name=\"{name}\" sheetId=\"{place}\"{state} r:id=\"s{place}\"/>");
            let sheet = format!("worksheets/sheet{place}.xml");
            let worksheet = kind("worksheet");
            relations += &format!("<Relationship Id=\"s{place}\" Type=\"{worksheet}\" Target=\"{sheet}\"/>");
            parts.push((
                format!("xl/{sheet}"),
                format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
            ));
        }
        for (id, name) in [("texts", "sharedStrings"), ("styles", "styles")] {
            relations +=
                &format!("<Relationship Id=\"{id}\" Type=\"{}\" Target=\"/xl/{name}.xml\"/>", kind(name));
        }
        let codes = self.formats.iter().enumerate();
        let codes = codes.map(|(place, code)| {
            let code = code.replace('"', "&quot;");
            format!("<numFmt numFmtId=\"{}\" formatCode=\"{code}\"/>", 164 + place)
        });
        let formats = (0..self.formats.len()).map(|place| format!("<xf numFmtId=\"{}\"/>", 164 + place));
        let styles = format!(
            "<styleSheet><numFmts>{}</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>\
             <cellXfs><xf numFmtId=\"0\"/>{}</cellXfs></styleSheet>",
            codes.collect::<String>(),
            formats.collect::<String>()
        );
        let switch = if self.from_1904 { "<workbookPr date1904=\"1\"/>" } else { "" };
        parts.push((
            "xl/workbook.xml".to_owned(),
            format!("<workbook xmlns:r=\"r\">{switch}<sheets>{names}</sheets></workbook>"),
        ));
        parts.push((
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!("<Relationships>{relations}</Relationships>"),
        ));
        parts.push(("xl/sharedStrings.xml".to_owned(), format!("<sst>{}</sst>", self.texts)));
        parts.push(("xl/styles.xml".to_owned(), styles));
        let parts: Vec<_> = parts.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())).collect();
        archive(&parts)
    }
}

/// An archive of packed parts.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, part) in parts {
        let file = archive.new_file(name).compression_method(CompressionMethod::DEFLATE);
        let (mut entry, config) = file.start().expect("an entry");
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
        writer.write_all(part).expect("a part");
        let (encoder, descriptor) = writer.finish().expect("a sum");
        encoder.finish().expect("a packed part");
        entry.finish(descriptor).expect("an entry");
    }
    archive.finish().expect("an archive");
    bytes
}

/// A row of texts.
pub fn row(number: u32, cells: &[&str]) -> String {
    let cell = |cell: &&str| format!("<c t=\"inlineStr\"><is><t>{cell}</t></is></c>");
    format!("<row r=\"{number}\">{}</row>", cells.iter().map(cell).collect::<String>())
}
