import { Modal } from '@mantine/core';
import { CopyField } from '~/shared/ui/CopyField';
import { EsimCard } from '../orders/EsimCard';
import type { OwnedEsim } from './data';

export function EsimDialog({ esim, onClose }: { esim: OwnedEsim | null; onClose: () => void }) {
  return (
    <Modal
      opened={esim !== null}
      onClose={onClose}
      size="lg"
      title="eSIM from stock"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {esim && (
        <EsimCard
          name={`eSIM ${esim.iccid}`}
          iccid={esim.iccid}
          lpa={esim.lpa}
          more={
            esim.confirmation_code && <CopyField label="Confirmation code" text={esim.confirmation_code} />
          }
        />
      )}
    </Modal>
  );
}
