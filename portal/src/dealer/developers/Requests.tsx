import { Checkbox } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { moment } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, ExportButton, type Column } from '~/shared/ui/DataTable';
import { MoreFoot } from '~/shared/ui/lists';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { t } from '../words';
import { allRequests, requestsQuery, type ApiRequest } from './data';
import { toneOf } from './wishes';

const columns = (): Column<ApiRequest>[] => [
  { name: t.fields.time, whole: true, cell: (one) => moment(one.at), csv: (one) => one.at },
  {
    name: t.developers.request,
    cell: (one) => (
      <span className="mono" style={{ overflowWrap: 'anywhere' }}>
        {one.method} {one.path}
      </span>
    ),
    csv: (one) => `${one.method} ${one.path}`,
  },
  {
    name: t.developers.status,
    cell: (one) => <Tag color={toneOf(one.status)}>{one.status}</Tag>,
    csv: (one) => one.status,
  },
  {
    name: t.developers.openedFrom,
    cell: (one) => <span className="mono">{one.address}</span>,
    csv: (one) => one.address,
  },
  {
    name: t.developers.requestId,
    cell: (one) => (
      <span className="mono" style={{ overflowWrap: 'anywhere' }}>
        {one.id}
      </span>
    ),
    csv: (one) => one.id,
  },
];

/** What the dealer's own programs have asked for of late. */
export function Requests() {
  const [isFailed, setFailed] = useState(false);
  const list = useInfiniteQuery(requestsQuery(isFailed));
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Card
      title={t.developers.requests}
      flush
      actions={
        <ExportButton
          file="requests.csv"
          columns={columns()}
          rows={() => allRequests(isFailed)}
          disabled={rows.length === 0}
        />
      }
    >
      <p className={ui.cardLead}>{t.developers.requestsText}</p>
      <div className={ui.filters}>
        <Checkbox
          label={t.developers.onlyFailed}
          checked={isFailed}
          onChange={(event) => setFailed(event.currentTarget.checked)}
        />
      </div>
      <Shown of={list} lines={4}>
        {() => (
          <DataTable
            caption={t.developers.requests}
            columns={columns()}
            rows={rows}
            keyOf={(one) => `${one.at} ${one.id}`}
            empty={
              <Empty title={isFailed ? t.developers.noneFailed : t.developers.noRequests}>
                {t.developers.noRequestsText}
              </Empty>
            }
            foot={<MoreFoot rows={rows.length} list={list} />}
          />
        )}
      </Shown>
    </Card>
  );
}
