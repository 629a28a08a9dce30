//! A table of figures, each the way to its list.

use leptos::prelude::*;

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    pub text: String,
    /// Where it leads.
    pub href: Option<String>,
    /// What the link is called where the text alone does not say it, or what is heard in the place of a text.
    pub label: Option<String>,
    /// Beneath the text.
    pub more: String,
    /// A picture beside words, which say the same.
    pub picture: String,
    pub is_number: bool,
    pub kind: Option<&'static str>,
}

impl Cell {
    pub fn words(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub fn number(text: impl Into<String>) -> Self {
        Self { is_number: true, ..Self::words(text) }
    }

    pub fn to(self, href: String) -> Self {
        Self { href: Some(href), ..self }
    }

    pub fn called(self, label: String) -> Self {
        Self { label: Some(label), ..self }
    }

    /// The head over pictures; what they are, is heard and not seen.
    pub fn picture_head(label: &str) -> Self {
        Self { label: Some(label.to_owned()), kind: Some("picture"), ..Self::default() }
    }

    pub fn picture(picture: String) -> Self {
        Self { picture, kind: Some("picture"), ..Self::default() }
    }

    fn view(self, is_head: Option<&'static str>) -> AnyView {
        let class = if self.is_number { "number" } else { "" };
        let text = match self.href {
            None if self.text.is_empty() => {
                self.label.map(|label| view! { <span class="visually-hidden">{label}</span> }).into_any()
            }
            Some(href) => view! { <a href=href aria-label=self.label>{self.text}</a> }.into_any(),
            None => self.text.into_any(),
        };
        let more =
            (!self.more.is_empty()).then(|| view! { <span class="quiet more">{self.more}</span> }.into_any());
        match is_head {
            Some(scope) => {
                view! { <th scope=scope class=class data-kind=self.kind>{text}{more}</th> }.into_any()
            }
            None if self.picture.is_empty() => {
                view! { <td class=class data-kind=self.kind>{text}{more}</td> }.into_any()
            }
            None => view! { <td data-kind=self.kind inner_html=self.picture></td> }.into_any(),
        }
    }
}

/// A row with what it is of; its first cell names it.
pub type Row = (Option<String>, Vec<Cell>);

/// `name` is what the table is called; the table is scrolled where there is no room.
pub fn figure_table(name: &'static str, class: &'static str, heads: Vec<Cell>, rows: Vec<Row>) -> AnyView {
    let heads: Vec<_> = heads.into_iter().map(|cell| cell.view(Some("col"))).collect();
    let rows = rows.into_iter().map(|(of, cells)| {
        let cells =
            cells.into_iter().enumerate().map(|(place, cell)| cell.view((place == 0).then_some("row")));
        let cells: Vec<_> = cells.collect();
        let is_alarm = (of.as_deref() == Some("")).then_some("");
        view! { <tr data-currency=of data-alarm=is_alarm>{cells}</tr> }.into_any()
    });
    let rows: Vec<_> = rows.collect();
    view! {
        <div class=format!("figure-table {class}") tabindex="0" role="region" aria-label=name>
            <table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

/// Sentences: what each says, where that leads, if anywhere, and what stands behind it.
pub fn linked_lines(lines: Vec<(String, Option<String>, String)>) -> AnyView {
    let lines = lines.into_iter().map(|(words, href, behind)| match href {
        Some(href) => view! { <li><a href=href>{words}</a>{behind}</li> }.into_any(),
        None => view! { <li>{words}{behind}</li> }.into_any(),
    });
    let lines: Vec<_> = lines.collect();
    view! { <ul class="linked-lines">{lines}</ul> }.into_any()
}
