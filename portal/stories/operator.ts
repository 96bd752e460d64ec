import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { service } from './browser';

export const adminPort = `http://127.0.0.1:${process.env.MEISIM_ADMIN_PORT ?? '8081'}`;
export const operatorConsole = `${adminPort}/console`;

export type Role = 'viewer' | 'support' | 'finance' | 'admin';

const password = 'correct horse battery';
const emailOf = (role: Role) => `${role}@stories.example`;

async function ask(url: string, headers: Record<string, string>, method: string, body?: object) {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

function authorization(): string {
  return `Bearer ${readFileSync(join(process.env.MEISIM_HOME!, 'admin.token'), 'utf8').trim()}`;
}

/** Asks the operators' port as a program does. */
export function asAdmin(method: string, path: string, body?: object) {
  return ask(`${adminPort}/admin/v1/${path}`, { authorization: authorization() }, method, body);
}

/** Imports lines of ICCID and activation code into the pool that the demonstration sells from. */
export async function importStock(lines: string[]): Promise<void> {
  const answer = await fetch(`${adminPort}/admin/v1/inventory/att/qr`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: authorization() },
    body: lines.join('\n'),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Asks the public port as the demonstration's dealer, or whose key it is. */
export function asDealer(method: string, path: string, body?: object, key = process.env.MEISIM_DEALER_KEY!) {
  return ask(`${service}${path}`, { 'x-dealer-key': key }, method, body);
}

/** Has the sandbox do what the outside world does, which it is asked for under `/test`. */
export function inSandbox(path: string, body: object) {
  return ask(`http://127.0.0.1:${process.env.MEISIM_SANDBOX_PORT}/test/${path}`, {}, 'POST', body);
}

export interface Account {
  email: string;
  password: string;
}

/** An operator of a story's own. */
export async function addOperator(name: string): Promise<Account> {
  const email = `${name}-${Date.now()}@stories.example`;
  await asAdmin('POST', 'operators', { email, role: 'viewer', password });
  return { email, password };
}

/** Gives somebody of this role an account, once, and signs them in. */
export async function signInAs(page: Page, role: Role, to = ''): Promise<void> {
  const account = { email: emailOf(role), password };
  await asAdmin('POST', 'operators', { ...account, role });
  await signInTo(page, account, to);
}

export async function signInTo(page: Page, account: Account, to = ''): Promise<void> {
  await page.goto(`${operatorConsole}${to}`);
  await page.getByLabel('Email').fill(account.email);
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page
    .getByRole('navigation')
    .or(page.getByRole('button', { name: 'Open the menu' }))
    .first()
    .waitFor();
}

/** A dealer of a story's own. */
export async function addDealer(name: string, company: string, status = 'approved'): Promise<string> {
  const email = `${name}-${Date.now()}@stories.example`;
  await asAdmin('POST', 'dealers', { email, company, status });
  return email;
}

/** The pages as the navigation has them. */
export const consolePages = [
  { path: '', name: 'Overview' },
  { path: '/orders', name: 'Orders' },
  { path: '/dealers', name: 'Dealers' },
  { path: '/prices', name: 'Prices' },
  { path: '/stock', name: 'Stock' },
  { path: '/reviews', name: 'Reviews' },
  { path: '/devices', name: 'Devices' },
  { path: '/payments', name: 'Payments' },
  { path: '/jobs', name: 'Jobs' },
  { path: '/nodes', name: 'Nodes' },
  { path: '/audit', name: 'Audit' },
];
