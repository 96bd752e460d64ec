import { QrCode } from '~/shared/ui/QrCode';
import { t } from '../words';
import type { BrandForm } from './brand';
import css from './settings.module.css';

/** What a customer's mail looks like; always light, as mails are. */
export function BrandPreview({ form }: { form: BrandForm }) {
  const name = form.name.trim() || 'MeiSIM';
  return (
    <section className={css.mail} aria-label={t.settings.preview}>
      {form.logo ? (
        <img className={css.logo} src={form.logo} alt={name} />
      ) : (
        <p className={css.mailName} style={{ color: form.colour }}>
          {name}
        </p>
      )}
      <p>
        {t.settings.previewReady} <strong>{t.settings.previewProduct}</strong>
      </p>
      <p>{t.settings.previewScan}</p>
      <div className={css.mailCode}>
        <QrCode text="LPA:1$smdp.example.com$PREVIEW" label={t.settings.preview} size={130} />
        <span className={css.mailButton} style={{ background: form.colour }}>
          {t.settings.previewInstall}
        </span>
      </div>
      <p>{t.settings.previewThanks(name)}</p>
    </section>
  );
}
