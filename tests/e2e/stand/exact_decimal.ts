// Decimals as digits: added and compared without ever being a number of JavaScript.

/** A decimal as a whole number of units of its last place. */
export type Exact = { units: bigint; places: number };

export function exact(text: string): Exact {
  const match = /^([-\u2212]?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) throw new Error(`not a decimal: ${text}`);
  const [, sign, whole, fraction = ''] = match;
  const units = BigInt(whole + fraction);
  return { units: sign ? -units : units, places: fraction.length };
}

export function add(left: Exact, right: Exact): Exact {
  const places = Math.max(left.places, right.places);
  return { units: scaled(left, places) + scaled(right, places), places };
}

/** The digits with at least as many places as any addend had, so `0.10` plus `0.2` is `0.30`. */
export function digits({ units, places }: Exact): string {
  const sign = units < 0n ? '-' : '';
  const text = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  return places === 0 ? sign + text : `${sign}${text.slice(0, -places)}.${text.slice(-places)}`;
}

/** A decimal that a screen shows: grouping, filling spaces and the real minus sign are taken off. */
export function shownDigits(text: string): string {
  return text.replace(/[\s,]/g, '').replace('\u2212', '-');
}

function scaled(value: Exact, places: number): bigint {
  return value.units * 10n ** BigInt(places - value.places);
}
