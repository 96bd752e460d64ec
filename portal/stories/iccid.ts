/** An ICCID with its check digit (ITU-T E.118). */
export function iccid(number: number): string {
  const digits = `894450${String(number).padStart(12, '0')}`;
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return digits + String((10 - (sum % 10)) % 10);
}
