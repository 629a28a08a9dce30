//! Makes one event after the other, with its charges and messages, from a fixed seed.

use chrono::{DateTime, NaiveDate, Offset as _, TimeDelta, Utc};
use rust_decimal::{Decimal, RoundingStrategy};

use super::batch_plan::{
    BATCHES, BatchPlan, REVERSALS, REVERSED, batch_id, count_of_reversals, first_event_id,
};
use super::random::Random;
use super::setup_lists::currency_precision;
use super::usage_kinds::{
    self, CUSTOMERS, Customer, ERROR_CAUSES, ErrorCause, KINDS, Product, UsageKind, per_dollar,
};

/// An event as it will be stored; ids are given later.
#[derive(Debug)]
pub(super) struct MadeEvent {
    pub(super) batch_id: i64,
    pub(super) number: String,
    pub(super) status: &'static str,
    pub(super) event_type: &'static str,
    pub(super) event_type_id: i64,
    pub(super) start: DateTime<Utc>,
    pub(super) end: DateTime<Utc>,
    pub(super) time_zone: &'static str,
    pub(super) start_day: NaiveDate,
    pub(super) service_id: String,
    pub(super) product_puid: String,
    pub(super) product_id: i64,
    pub(super) subscription_id: i64,
    pub(super) reported: Decimal,
    pub(super) reported_unit: &'static str,
    pub(super) used: Decimal,
    pub(super) used_unit: &'static str,
    pub(super) currency: Option<&'static str>,
    pub(super) error: Option<MadeMessage>,
    pub(super) file_name: String,
    pub(super) priced_on: Option<DateTime<Utc>>,
    pub(super) source: &'static str,
    pub(super) created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    pub(super) charges: Vec<MadeCharge>,
    /// The batch and event that this event reverses.
    pub(super) reverses: Option<(i64, i64)>,
    /// Priced by the system that reported it.
    pub(super) pre_rated: bool,
}

#[derive(Debug)]
pub(super) struct MadeCharge {
    pub(super) name: &'static str,
    pub(super) tier: i64,
    pub(super) priced: Decimal,
    pub(super) extended: Decimal,
    pub(super) allowance: Decimal,
    pub(super) conversion: Decimal,
}

impl MadeCharge {
    fn negated(self) -> Self {
        Self { priced: -self.priced, extended: -self.extended, allowance: -self.allowance, ..self }
    }
}

#[derive(Debug)]
pub(super) struct MadeMessage {
    pub(super) cause: &'static ErrorCause,
    pub(super) with_parameters: String,
}

/// The price of each tier in hundredths of the list price.
const TIER_PRICES: [i64; 3] = [100, 50, 75];

#[derive(Debug)]
pub(super) struct EventMaker {
    batch: &'static BatchPlan,
    batch_id: i64,
    seed: u64,
    kind: &'static UsageKind,
    products: Vec<Product>,
    /// How many of the first events are reversed later.
    reversed: u64,
    /// In the reversal batch: the maker of the originals, and the id of the first of them.
    originals: Option<(Box<EventMaker>, i64)>,
}

impl EventMaker {
    /// For the batch at a place of `BATCHES`, where there are `events` events over all.
    pub(super) fn new(index: usize, batch: &'static BatchPlan, events: u64) -> Self {
        let kind = KINDS.get(batch.kind).unwrap_or(&KINDS[0]);
        let all = usage_kinds::products().into_iter();
        let products = all.skip(batch.kind * CUSTOMERS.len()).take(CUSTOMERS.len()).collect();
        let original = BATCHES.iter().enumerate().find(|(_, plan)| plan.number == REVERSED);
        let originals = original
            .filter(|_| batch.number == REVERSALS)
            .map(|(place, plan)| (Box::new(Self::new(place, plan, events)), first_event_id(place, events)));
        Self {
            batch,
            batch_id: batch_id(index),
            seed: (index as u64 + 1) << 40,
            kind,
            products,
            reversed: if batch.number == REVERSED { count_of_reversals(events) } else { 0 },
            originals,
        }
    }

    /// The event with this number in the batch, counted from 1.
    pub(super) fn event(&self, number: u64) -> MadeEvent {
        match &self.originals {
            Some((maker, first_id)) => {
                self.reversal(number, maker.event(number), first_id + number as i64 - 1)
            }
            None => self.own_event(number),
        }
    }

    /// The original with every sign turned.
    fn reversal(&self, number: u64, original: MadeEvent, original_id: i64) -> MadeEvent {
        let at = self.batch.created() + TimeDelta::seconds(number as i64);
        MadeEvent {
            batch_id: self.batch_id,
            number: format!("REV-26{:02}-{number:07}", self.batch.month),
            status: "ORA_PROCESSED",
            reported: -original.reported,
            used: -original.used,
            charges: original.charges.into_iter().map(MadeCharge::negated).collect(),
            source: "ORA_UI",
            priced_on: Some(at),
            created: self.batch.created(),
            updated: at,
            reverses: Some((original.batch_id, original_id)),
            ..original
        }
    }

    fn own_event(&self, number: u64) -> MadeEvent {
        let mut random = Random::new(self.seed + number);
        let place = usize::try_from(random.below(CUSTOMERS.len() as u64)).unwrap_or_default();
        let (customer, product) = (&CUSTOMERS[place], &self.products[place]);
        let kind = self.kind;
        let reversed = number <= self.reversed;
        let start = self.moment(&mut random, if reversed { Some(11) } else { None });
        let adjustment = !reversed && random.happens(4);
        let reported = self.quantity(&mut random);
        let reported = if adjustment { -reported } else { reported };
        let conversion = Decimal::new(kind.conversion.0, kind.conversion.1);
        let status = if reversed { "ORA_REVERSED" } else { self.status(&mut random) };
        let created = start + TimeDelta::minutes(40 + random.below(200) as i64);
        let mut event = MadeEvent {
            batch_id: self.batch_id,
            number: format!("{}-26{:02}-{number:07}", kind.code, self.batch.month),
            status,
            event_type: kind.event_type,
            event_type_id: kind.event_type_id,
            start,
            end: start + TimeDelta::seconds(1 + random.below(kind.longest) as i64),
            time_zone: customer.time_zone.name(),
            start_day: start.with_timezone(&customer.time_zone).date_naive(),
            service_id: service_id(&mut random, kind, place),
            product_puid: product.puid.clone(),
            product_id: product.id,
            subscription_id: product.subscription_id,
            reported,
            reported_unit: kind.reported_unit,
            used: (reported * conversion).round_dp(6),
            used_unit: kind.usage_unit,
            currency: Some(customer.currency),
            error: None,
            file_name: format!(
                "{}_2026{:02}_{:03}.csv",
                kind.code.to_lowercase(),
                self.batch.month,
                number / 2500 + 1
            ),
            priced_on: None,
            source: if adjustment { "ORA_UI" } else { "ORA_FILE" },
            created,
            updated: created,
            charges: Vec::new(),
            reverses: None,
            pre_rated: false,
        };
        match status {
            "ORA_ERROR" => {
                self.break_event(&mut random, customer, &mut event);
                // It was priced before the allowance was looked for.
                let cause = event.error.as_ref().map(|message| message.cause.name);
                if cause == Some(usage_kinds::NO_ALLOWANCE_PERIOD) {
                    event.charges = self.charges(&mut random, customer, &event);
                }
            }
            "ORA_DRAFT" | "ORA_READY" if random.happens(250) => {
                event.pre_rated = true;
                event.charges = self.charges(&mut random, customer, &event);
            }
            "ORA_PROCESSED" | "ORA_REVERSED" => {
                let rated = self.batch.created() + TimeDelta::seconds(60 + (number % 5_000) as i64);
                (event.priced_on, event.updated) = (Some(rated), rated);
                event.charges = self.charges(&mut random, customer, &event);
            }
            _ => {}
        }
        if random.happens(3) {
            event.currency = None;
        }
        event
    }

    fn status(&self, random: &mut Random) -> &'static str {
        if random.happens(self.batch.errors_per_mille) {
            return "ORA_ERROR";
        }
        let chance = random.below(100);
        match self.batch.status {
            "ORA_DRAFT" if chance < 75 => "ORA_DRAFT",
            "ORA_DRAFT" if chance < 93 => "ORA_READY",
            "ORA_DRAFT" => "ORA_ON_HOLD",
            "ORA_LOCKED" => "ORA_READY",
            "ORA_IN_PROCESS" if chance < 55 => "ORA_PROCESSED",
            "ORA_IN_PROCESS" => "ORA_IN_PROCESS",
            _ => "ORA_PROCESSED",
        }
    }

    /// A moment of the batch's days, more often by day than by night.
    fn moment(&self, random: &mut Random, day: Option<u64>) -> DateTime<Utc> {
        let day = day.unwrap_or_else(|| random.below(u64::from(self.batch.last_day)));
        let hour = if random.happens(780) { 6 + random.below(15) } else { random.below(24) };
        let seconds = day * 86_400 + hour * 3_600 + random.below(3_600);
        self.batch.first_moment() + TimeDelta::seconds(seconds as i64)
    }

    /// Mostly small quantities, a few big ones; up to the kind's decimals.
    fn quantity(&self, random: &mut Random) -> Decimal {
        let kind = self.kind;
        let largest = if random.happens(900) { kind.largest / 10 } else { kind.largest };
        let scale = random.below(u64::from(kind.decimals) + 1) as u32;
        let mantissa = 1 + random.below(largest.max(1) * 10_u64.pow(scale));
        Decimal::new(mantissa as i64, scale)
    }

    /// One to three charges over the used quantity; the priced quantities add up to it exactly.
    fn charges(&self, random: &mut Random, customer: &Customer, event: &MadeEvent) -> Vec<MadeCharge> {
        let kind = self.kind;
        let scale = match currency_precision(customer.currency) {
            Some(precision) if !kind.micro_amounts => precision,
            _ => 6,
        };
        let price = Decimal::new(kind.price.0, kind.price.1) * per_dollar(customer.currency);
        let count = 1 + random.below(10) / 5 + random.below(10) / 8;
        let mut left = event.used;
        let mut charges = Vec::new();
        for tier in 0..count {
            let last = tier + 1 == count;
            let share = Decimal::new(60, 2);
            let priced = if last { left } else { (left * share).round_dp(event.used.scale()) };
            left -= priced;
            let at = usize::try_from(tier).unwrap_or_default();
            let factor = Decimal::new(TIER_PRICES.get(at).copied().unwrap_or(100), 2);
            let rounding = RoundingStrategy::MidpointAwayFromZero;
            let extended =
                with_scale((priced * price * factor).round_dp_with_strategy(scale, rounding), scale);
            let covered = Decimal::new(random.below(101) as i64, 2);
            let allowance = if tier == 0 && random.happens(300) {
                with_scale((extended * covered).round_dp_with_strategy(scale, rounding), scale)
            } else {
                Decimal::ZERO
            };
            charges.push(MadeCharge {
                name: kind.tiers.get(at).copied().unwrap_or("Usage"),
                tier: tier as i64 + 1,
                priced,
                extended,
                allowance,
                conversion: Decimal::new(kind.conversion.0, kind.conversion.1),
            });
        }
        charges
    }

    /// Gives the event one of the faults that its message then names.
    fn break_event(&self, random: &mut Random, customer: &Customer, event: &mut MadeEvent) {
        let Some(cause) = random.pick(ERROR_CAUSES) else { return };
        let with_parameters = match cause.name {
            usage_kinds::UNIT_NOT_MAPPED => {
                event.reported_unit = random.pick(&["TB", "EVT", "YR"]).copied().unwrap_or("EA");
                format!(
                    "Unit {} is not mapped to unit {} of product {}.",
                    event.reported_unit, event.used_unit, event.product_puid
                )
            }
            usage_kinds::END_BEFORE_START => {
                let offset =
                    event.start.with_timezone(&customer.time_zone).offset().fix().local_minus_utc().abs();
                event.end = event.start - TimeDelta::seconds(i64::from(offset.max(3_600)));
                format!(
                    "The end {} lies before the start {}.",
                    event.end.to_rfc3339(),
                    event.start.to_rfc3339()
                )
            }
            usage_kinds::CURRENCY_NOT_ACTIVE => {
                event.currency = Some(random.pick(&["HRK", "LTL", "VEF"]).copied().unwrap_or("DEM"));
                format!("Currency {} is not active.", event.currency.unwrap_or_default())
            }
            usage_kinds::SERVICE_UNKNOWN => {
                event.service_id = swapped(&event.service_id);
                format!(
                    "Service {} is not known for subscription {}.",
                    event.service_id, event.subscription_id
                )
            }
            usage_kinds::NO_PRICE => {
                format!("Product {} has no price on {}.", event.product_puid, event.start_day)
            }
            _ => format!("No allowance period of product {} covers {}.", event.product_puid, event.start_day),
        };
        event.error = Some(MadeMessage { cause, with_parameters });
        event.updated = event.created + TimeDelta::hours(9);
    }
}

/// One of the customer's forty services.
fn service_id(random: &mut Random, kind: &UsageKind, customer: usize) -> String {
    let unit = random.below(40);
    let mut fixed = Random::new(((customer as u64) << 20) + (unit << 4) + kind.code.len() as u64);
    let digits = fixed.below(100_000_000);
    match kind.code {
        "TEL" => format!("+4915{digits:09}"),
        "CLD" => format!("i-{:017x}", fixed.next() >> 4),
        "API" => format!(
            "client-{:05}/v2/{}",
            digits % 100_000,
            ["orders", "rates", "labels", "stock"][(unit % 4) as usize]
        ),
        _ => format!("CP-{:02}-{digits:08}", customer + 1),
    }
}

/// The text with its last two different neighbours exchanged, as a typing error does it.
fn swapped(text: &str) -> String {
    let mut letters = text.chars().collect::<Vec<_>>();
    if let Some(at) = (1..letters.len()).rev().find(|&at| letters[at - 1] != letters[at]) {
        letters.swap(at - 1, at);
    }
    letters.into_iter().collect()
}

fn with_scale(mut amount: Decimal, scale: u32) -> Decimal {
    amount.rescale(scale);
    amount
}
