//! The body of a POST or PATCH: a record, and everything that is wrong with its shape.

use rest_contract::{Access, ErrorDetail, ReadError, Record, Schema};

use crate::oracle::protocol::refusal::{Refusal, code, detail_of};

/// What the record is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::oracle) enum Purpose {
    Create,
    Change,
}

pub(in crate::oracle) struct SentRecord {
    pub record: Record,
    pub faults: Vec<ErrorDetail>,
}

impl SentRecord {
    pub(in crate::oracle) fn read(
        schema: &'static Schema,
        body: &[u8],
        purpose: Purpose,
    ) -> Result<Self, Refusal> {
        let malformed = |reason: String| {
            Refusal::bad_request(
                code::MALFORMED_BODY,
                "",
                format!("The body is not a JSON object of fields: {reason}"),
            )
        };
        match Record::read_strictly(schema, body) {
            Ok(record) => {
                let mut faults = Vec::new();
                add_faults(&record, purpose, "", &mut faults);
                Ok(Self { record, faults })
            }
            Err(ReadError::Malformed(reason)) => Err(malformed(reason)),
            Err(ReadError::Fields(fields)) => {
                let details = fields.iter().map(|fault| {
                    let text = format!("{} {}.", fault.field, fault.problem);
                    detail_of(code::INVALID_VALUE, format!("/{}", fault.field), text)
                });
                Err(Refusal::of_details(details.collect()))
            }
        }
    }
}

/// Values that cannot be kept, and members that may not be sent for this purpose. A nested child may be a new row as well as one that
/// stands, so it may carry what can be given on creation only.
fn add_faults(record: &Record, purpose: Purpose, path: &str, faults: &mut Vec<ErrorDetail>) {
    let schema = record.schema();
    for (field, value) in record.present() {
        // The database holds microseconds. What is finer is refused, for it would be cut.
        if value.as_date_time().is_some_and(|at| at.timestamp_subsec_nanos() % 1000 != 0) {
            let text = format!("{} has more than six digits of a second, which cannot be kept.", field.name);
            faults.push(detail_of(code::INVALID_VALUE, format!("{path}/{}", field.name), text));
        }
        let may = match field.access {
            Access::Writable | Access::Version => true,
            Access::CreateOnly => purpose == Purpose::Create,
            Access::ReadOnly => false,
        };
        if !may {
            let text = match purpose {
                Purpose::Create => format!("{} is given by the service.", field.name),
                Purpose::Change => format!("{} cannot be changed.", field.name),
            };
            faults.push(detail_of(code::NOT_UPDATABLE, format!("{path}/{}", field.name), text));
        }
    }
    for (name, _) in record.unknown() {
        let text = format!("{name} is not an attribute of {}.", schema.resource);
        faults.push(detail_of(code::INVALID_VALUE, format!("{path}/{name}"), text));
    }
    for (member, _) in schema.children {
        for child in record.children(member).unwrap_or_default() {
            add_faults(child, Purpose::Create, &format!("{path}/{member}"), faults);
        }
    }
}
