import mark from '../mark.svg';

/** Our sign and name. */
export function Mark() {
  return (
    <span
      style={{
        display: 'inline-flex',
        alignItems: 'center',
        gap: '0.6rem',
        fontWeight: 650,
        letterSpacing: '-0.01em',
      }}
    >
      <img src={mark} alt="" width={26} height={26} />
      MeiSIM
    </span>
  );
}
