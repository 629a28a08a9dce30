//! What a column of a file can be: a field of the event, or of its charge.

use rest_contract::Field;
use rest_contract::oracle::{CHARGE, EVENT};
use serde::{Deserialize, Serialize};

use crate::focus::Holds;

/// A field that a column fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EventField {
    EventNumber,
    Start,
    End,
    Product,
    Service,
    Quantity,
    Unit,
    Currency,
    Amount,
    ListAmount,
    ChargeName,
    ChargeCategory,
    EventType,
}

use EventField as F;

impl EventField {
    /// In the order in which a form shows them.
    pub const ALL: [Self; 13] = [
        F::EventNumber,
        F::Start,
        F::End,
        F::Product,
        F::Service,
        F::Quantity,
        F::Unit,
        F::Currency,
        F::Amount,
        F::ListAmount,
        F::ChargeName,
        F::ChargeCategory,
        F::EventType,
    ];

    /// Finance's word for it.
    pub fn title(self) -> &'static str {
        match self.in_charge() {
            Some(name) => CHARGE.field(name).map_or("", title),
            None => EVENT.field(self.in_event()).map_or("", title),
        }
    }

    pub fn holds(self) -> Holds {
        match self {
            F::Start | F::End => Holds::Moment,
            F::Quantity | F::Amount | F::ListAmount => Holds::Number,
            _ => Holds::Text,
        }
    }

    /// The charge's field, for what is one.
    pub(crate) fn in_charge(self) -> Option<&'static str> {
        match self {
            F::Amount => Some("BilledAmount"),
            F::ListAmount => Some("ExtendedAmount"),
            F::ChargeName => Some("ChargeName"),
            F::ChargeCategory => Some("ChargeDefinition"),
            _ => None,
        }
    }

    /// The event's field.
    pub(crate) fn in_event(self) -> &'static str {
        match self {
            F::EventNumber => "EventNumber",
            F::Start => "EventStartTime",
            F::End => "EventEndTime",
            F::Product => "SubscriptionProductPuid",
            F::Service => "ServiceId",
            F::Quantity => "UsageQuantity",
            F::Unit => "UsageUnitOfMeasure",
            F::Currency => "CurrencyCode",
            F::EventType => "EventType",
            F::Amount | F::ListAmount | F::ChargeName | F::ChargeCategory => "",
        }
    }

    /// Names of columns that mean it, the surest first; in small letters without signs.
    fn names(self) -> &'static [&'static str] {
        match self {
            F::EventNumber => &["eventnumber", "eventid", "event", "recordid", "usageid", "lineid", "id"],
            F::Start => &[
                "eventstarttime",
                "starttime",
                "startutc",
                "start",
                "startdate",
                "usagestart",
                "usagedate",
                "periodstart",
                "chargeperiodstart",
                "from",
                "servicedate",
                "timestamp",
                "date",
                "day",
                "datum",
            ],
            F::End => &[
                "eventendtime",
                "endtime",
                "endutc",
                "end",
                "enddate",
                "usageend",
                "periodend",
                "chargeperiodend",
                "until",
                "to",
            ],
            F::Product => &[
                "subscriptionproductpuid",
                "subscriptionproduct",
                "product",
                "productid",
                "productcode",
                "sku",
                "skuid",
                "item",
                "itemid",
                "produkt",
            ],
            F::Service => &["serviceid", "service", "resourceid", "resource", "meterid", "deviceid"],
            F::Quantity => &[
                "usagequantity",
                "reportedusagequantity",
                "quantity",
                "qty",
                "consumedquantity",
                "usage",
                "volume",
                "menge",
            ],
            F::Unit => &[
                "usageunitofmeasure",
                "reportedusageunitofmeasure",
                "unitofmeasure",
                "unit",
                "uom",
                "consumedunit",
                "einheit",
            ],
            F::Currency => &["currencycode", "currency", "billingcurrency", "waehrung", "währung"],
            F::Amount => {
                &["billedamount", "billedcost", "amount", "netamount", "cost", "total", "charge", "betrag"]
            }
            F::ListAmount => &["extendedamount", "listcost", "listamount"],
            F::ChargeName => &["chargename", "chargedescription", "description"],
            F::ChargeCategory => &["chargedefinition", "chargecategory", "category"],
            F::EventType => &["eventtype", "usagetype"],
        }
    }

    /// The place of the column that most probably is this field, of those that are free.
    pub(crate) fn guess(self, headers: &[String], is_free: impl Fn(usize) -> bool) -> Option<usize> {
        let plain: Vec<String> = headers
            .iter()
            .map(|name| {
                name.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
            })
            .collect();
        self.names().iter().find_map(|known| {
            plain
                .iter()
                .enumerate()
                .find(|(place, name)| *name == known && is_free(*place))
                .map(|(place, _)| place)
        })
    }
}

fn title(field: &Field) -> &'static str {
    field.title
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_one_of_the_vendors() {
        for field in EventField::ALL {
            assert!(!field.title().is_empty(), "{field:?}");
            assert!(field.in_charge().is_some() || EVENT.field(field.in_event()).is_some());
        }
    }

    #[test]
    fn a_column_is_guessed_by_its_name_the_surest_first() {
        let headers = ["Id", "Event number", "Start-Date", "UNIT_OF_MEASURE", "Note"].map(str::to_owned);
        let guess = |field: EventField| field.guess(&headers, |_| true);
        assert_eq!(guess(F::EventNumber), Some(1));
        assert_eq!((guess(F::Start), guess(F::Unit), guess(F::Amount)), (Some(2), Some(3), None));
        assert_eq!(F::EventNumber.guess(&headers, |place| place != 1), Some(0));
    }
}
