import { Button } from '@mantine/core';
import { IconPrinter, IconShare } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { iccidGroups } from '~/shared/text/format';
import { CopyField } from '~/shared/ui/CopyField';
import { QrCode } from '~/shared/ui/QrCode';
import { t } from '../words';
import css from './orders.module.css';

interface Props {
  name: string;
  iccid: string;
  lpa: string;
  /** Installs it on an iPhone without scanning. */
  installUrl?: string | null;
  /** The activation code's two parts, where a phone wants them typed. */
  smdp?: string | null;
  matchingId?: string | null;
  /** What some phones ask for as well. */
  confirmationCode?: string | null;
  /** What else can be done with it. */
  more?: ReactNode;
}

/** All that a customer needs of one eSIM: to scan, to tap, or to type. */
export function EsimCard({ name, iccid, lpa, installUrl, smdp, matchingId, confirmationCode, more }: Props) {
  const share = () =>
    navigator.share({ title: name, text: lpa, url: installUrl ?? undefined }).catch(() => undefined);
  return (
    <div className={css.esim}>
      <QrCode text={lpa} label={t.orders.qrOf(name)} />
      <div className={css.fields}>
        <CopyField label={t.fields.activationCode} text={lpa} />
        {installUrl && <CopyField label={t.orders.installLink} text={installUrl} />}
        {smdp && <CopyField label={t.orders.smdp} text={smdp} />}
        {matchingId && <CopyField label={t.orders.matchingId} text={matchingId} />}
        {confirmationCode && <CopyField label={t.stock.confirmationCode} text={confirmationCode} />}
        <CopyField label={t.orders.iccid} text={iccidGroups(iccid)} />
      </div>
      <div className={css.buttons}>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPrinter size={14} />}
          onClick={() => window.print()}
        >
          {t.orders.print}
        </Button>
        {'share' in navigator && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconShare size={14} />}
            onClick={() => void share()}
          >
            {t.orders.share}
          </Button>
        )}
        {more}
      </div>
    </div>
  );
}
