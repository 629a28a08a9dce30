//! What several pages share: lists, drawers and work on records.
//!
//! Not here: the pages themselves, and what has no record in it (`ui`).

pub mod allowed_button;
pub mod approvals;
pub mod batch_work;
pub mod change_evidence;
pub mod change_text;
pub mod correction;
pub mod environment_name;
pub mod event_drawer;
pub mod event_list;
pub mod field_form;
pub mod form_request;
pub mod help;
pub mod kept_history;
pub mod list;
pub mod notices;
pub mod page_head;
pub mod record_address;
pub mod record_panel;
pub mod reversal;
pub mod rule_words;
pub mod selection;
pub mod usual_reading;
pub mod usual_zone;
pub mod whole_list;
