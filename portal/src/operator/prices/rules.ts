import { usd } from '~/shared/text/format';
import { readCents, readCentsOrZero } from '../dealers/money';
import type { Tone } from '../tone';
import type { PriceRule, PriceWish } from './data';

/** How a rule stands, as pages call it. */
export const ruleStates: Record<PriceRule['state'], { name: string; tone: Tone }> = {
  active: { name: 'Holds', tone: 'green' },
  scheduled: { name: 'Not yet', tone: 'blue' },
  replaced: { name: 'Replaced', tone: 'gray' },
  ended: { name: 'Ended', tone: 'gray' },
};

/** A rule as one types it. */
export interface RuleForm {
  dealer: string;
  product: string;
  country: string;
  price: string;
  markup: string;
  /** As the browser's field has it, in the reader's time zone; empty for now. */
  from: string;
}

export const emptyForm: RuleForm = { dealer: '', product: '', country: '', price: '', markup: '', from: '' };

export type Reading = { wish: PriceWish; flaw?: undefined } | { wish?: undefined; flaw: string };

const mostMarkup = 100_000;

/** The rule that a form asks for, or what has to be mended first. */
export function readForm(form: RuleForm): Reading {
  const named = (text: string) => text.trim() || undefined;
  const [dealer, product, country] = [form.dealer, form.product, form.country].map(named);
  if (product && country) return { flaw: 'A rule is for a product or for a country, and not for both.' };
  if (country && !/^[a-z]{2}$/i.test(country)) return { flaw: 'A country has two letters, like JP.' };
  if (dealer && !dealer.includes('@')) return { flaw: 'A dealer is named by the email address.' };
  const [price, markup] = [named(form.price), named(form.markup)];
  if (!price === !markup) return { flaw: 'Fill in a price or a markup.' };
  if (price && !product) return { flaw: 'A price is for a product. For more, set a markup.' };
  const priceCents = price ? readCents(price) : undefined;
  if (price && (priceCents === undefined || priceCents < 0))
    return { flaw: 'A price is an amount like 9.99.' };
  const markupPoints = markup ? readCentsOrZero(markup) : undefined;
  if (markup && (markupPoints === undefined || markupPoints < 0 || markupPoints > mostMarkup))
    return { flaw: 'A markup is from 0 to 1000 per cent, with at most two decimals.' };
  return {
    wish: {
      dealer,
      product,
      country: country?.toUpperCase(),
      priceUsd: priceCents === undefined ? undefined : priceCents / 100,
      markupPct: markupPoints === undefined ? undefined : markupPoints / 100,
      from: form.from ? `${new Date(form.from).toISOString().slice(0, 19)}Z` : undefined,
    },
  };
}

type Names = Pick<PriceRule, 'dealer' | 'product' | 'country'>;

/** What a rule is for: `p3:data-us-5gb, for jo@example.com`. */
export function subjectOf({ dealer, product, country }: { [name in keyof Names]?: Names[name] }): string {
  const what = product ?? country ?? 'everything';
  return dealer ? `${what}, for ${dealer}` : what;
}

/** `$9.99`, or `12.5 %` on top of the provider's price. */
export function valueOf({
  priceUsd,
  markupPct,
}: {
  priceUsd?: number | null;
  markupPct?: number | null;
}): string {
  return typeof priceUsd === 'number' ? usd(priceUsd) : `+${markupPct} %`;
}
