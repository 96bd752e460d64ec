import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { iccidGroups } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { ExportButton, type Column } from '~/shared/ui/DataTable';
import { PagedTable } from '~/shared/ui/PagedTable';
import { Empty, Shown } from '~/shared/ui/states';
import { when } from '../when';
import { soldQuery, type Sold } from './data';

const columns: Column<Sold>[] = [
  {
    name: 'ICCID',
    cell: (esim) => <span className="mono">{iccidGroups(esim.iccid)}</span>,
    csv: (esim) => esim.iccid,
  },
  { name: 'Dealer', cell: (esim) => esim.dealer, csv: (esim) => esim.dealer },
  { name: 'Sold', cell: (esim) => when(esim.sold_at), csv: (esim) => esim.sold_at },
  { name: 'Purchase', cell: (esim) => `INV-${esim.usage_id}`, csv: (esim) => `INV-${esim.usage_id}` },
  { name: 'State', cell: (esim) => esim.status, csv: (esim) => esim.status },
];

/** Which dealers have bought which eSIMs of a delivery, and have to be told when it turns out to be bad. */
export function SoldOf({ lot, onClose }: { lot: string; onClose: () => void }) {
  const sold = useQuery(soldQuery(lot));
  return (
    <Card
      title={`Sold of ${lot}`}
      flush
      actions={
        <>
          <ExportButton
            file={`sold-of-${lot}.csv`}
            columns={columns}
            rows={() => sold.data ?? []}
            disabled={!sold.data?.length}
          />
          <Button variant="subtle" size="sm" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <Shown of={sold}>
        {(rows) => (
          <PagedTable
            caption={`Sold of ${lot}`}
            noun="eSIM"
            columns={columns}
            rows={rows}
            keyOf={(esim) => esim.iccid}
            empty={<Empty title="Nothing of it is sold yet" />}
          />
        )}
      </Shown>
    </Card>
  );
}
