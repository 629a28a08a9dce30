//! What a person says of a file that is to be loaded, on the command line.

use clap::{Args, ValueEnum};
use import_files::text::Encoding;
use import_files::xlsx::HiddenRows;
use import_files::{DateForm, NumberForm, Said};

use crate::load_file::Answers;

/// What a file to load does not tell by itself.
#[derive(Debug, Args)]
pub(super) struct AnswerOptions {
    /// How the letters of a text are written that is not UTF-8 and has no byte order mark.
    #[arg(long, value_enum)]
    encoding: Option<SaidEncoding>,

    /// The sheet of a workbook that has several.
    #[arg(long)]
    sheet: Option<String>,

    /// What becomes of rows that are hidden in a sheet.
    #[arg(long, value_enum)]
    hidden_rows: Option<SaidHidden>,

    /// What stands before the fraction in columns that can be read in two ways.
    #[arg(long, value_enum)]
    decimal: Option<SaidDecimal>,

    /// The order of dates in columns that can be read in two ways.
    #[arg(long, value_enum)]
    dates: Option<SaidDates>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SaidEncoding {
    #[value(name = "windows-1252")]
    Windows1252,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SaidHidden {
    Take,
    LeaveOut,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SaidDecimal {
    Point,
    Comma,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SaidDates {
    DayFirst,
    MonthFirst,
}

impl AnswerOptions {
    pub(super) fn answers(&self) -> Answers {
        Answers {
            said: Said {
                encoding: self.encoding.map(|SaidEncoding::Windows1252| Encoding::Windows1252),
                sheet: self.sheet.clone(),
                hidden: self.hidden_rows.map(|hidden| match hidden {
                    SaidHidden::Take => HiddenRows::Take,
                    SaidHidden::LeaveOut => HiddenRows::LeaveOut,
                }),
            },
            numbers: self.decimal.map(|decimal| match decimal {
                SaidDecimal::Point => NumberForm::Point,
                SaidDecimal::Comma => NumberForm::Comma,
            }),
            dates: self.dates.map(|dates| match dates {
                SaidDates::DayFirst => DateForm::DayFirst,
                SaidDates::MonthFirst => DateForm::MonthFirst,
            }),
        }
    }
}
