import { t } from '../words';
import type { OrderWish, Product } from './data';

/** What the form of an order holds, as it is typed. */
export interface OrderForm {
  quantity: number | string;
  customerName: string;
  customerEmail: string;
  customerReference: string;
  language: string;
  sendEmail: boolean;
  imei: string;
  eid: string;
  address: Record<AddressField, string>;
}

export const addressFields = [
  'first_name',
  'last_name',
  'address_line_1',
  'city',
  'state',
  'zip_code',
  'phone',
] as const;
export type AddressField = (typeof addressFields)[number];

export const mostUnits = 20;

export const emptyForm: OrderForm = {
  quantity: 1,
  customerName: '',
  customerEmail: '',
  customerReference: '',
  language: 'en',
  sendEmail: true,
  imei: '',
  eid: '',
  address: {
    first_name: '',
    last_name: '',
    address_line_1: '',
    city: '',
    state: '',
    zip_code: '',
    phone: '',
  },
};

export type Flaws = Partial<
  Record<'quantity' | 'customerName' | 'customerEmail' | 'imei' | 'eid' | AddressField, string>
>;

const compact = (text: string) => text.replace(/[\s-]/g, '');

/** What is still wrong, by field. The service has the last word; this is so that nobody has to wait for it. */
export function flawsOf(form: OrderForm, product: Product): Flaws {
  const flaws: Flaws = {};
  const units = Number(form.quantity);
  if (!Number.isInteger(units) || units < 1 || units > mostUnits)
    flaws.quantity = t.fields.range('1', String(mostUnits));
  if (!form.customerName.trim()) flaws.customerName = t.shop.flaws.name;
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(form.customerEmail.trim())) flaws.customerEmail = t.shop.flaws.email;
  if (product.requires.includes('imei') && !/^\d{15}$/.test(compact(form.imei)))
    flaws.imei = t.shop.flaws.imei;
  if (product.requires.includes('eid') && !/^[0-9a-f]{32}$/i.test(compact(form.eid)))
    flaws.eid = t.shop.flaws.eid;
  if (product.requires.includes('address'))
    for (const field of addressFields) if (!form.address[field].trim()) flaws[field] = t.shop.flaws.address;
  return flaws;
}

/** In cents, so that the sum is exact. */
export function totalOf(form: OrderForm, product: Product): number {
  const units = Number(form.quantity);
  return Number.isInteger(units) ? (Math.round(product.priceUsd * 100) * units) / 100 : 0;
}

/** The order, with the price that is shown as the most that may be taken. */
export function wishOf(form: OrderForm, product: Product): OrderWish {
  const needs = (what: 'imei' | 'eid' | 'address') => product.requires.includes(what);
  return {
    productId: product.id,
    customerEmail: form.customerEmail.trim(),
    customerName: form.customerName.trim(),
    quantity: Number(form.quantity),
    language: form.language,
    customerReference: form.customerReference.trim() || undefined,
    sendEmail: form.sendEmail,
    imei: needs('imei') ? compact(form.imei) : undefined,
    eid: needs('eid') ? compact(form.eid) : undefined,
    address: needs('address') ? form.address : undefined,
    maxPriceUsd: totalOf(form, product),
  };
}
