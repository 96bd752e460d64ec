import { Dialog } from '~/shared/ui/Dialog';
import { EsimCard } from '../orders/EsimCard';
import { t } from '../words';
import type { OwnedEsim } from './data';

export function EsimDialog({ esim, onClose }: { esim: OwnedEsim | null; onClose: () => void }) {
  return (
    <Dialog opened={esim !== null} onClose={onClose} size="lg" title={t.stock.fromStock}>
      {esim && (
        <EsimCard
          name={`eSIM ${esim.iccid}`}
          iccid={esim.iccid}
          lpa={esim.lpa}
          confirmationCode={esim.confirmation_code}
        />
      )}
    </Dialog>
  );
}
