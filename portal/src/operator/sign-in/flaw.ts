/** What has to be mended first; empty if nothing. */
export function flawOf(email: string, password: string, code: string): string {
  if (email.trim() === '') return 'Fill in your email.';
  if (password === '') return 'Fill in your password.';
  if (code.trim() !== '' && !/^\d{6}$/.test(code.trim())) return 'A one-time code has six digits.';
  return '';
}
