import { Anchor, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { iccidGroups } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { ExportButton, type Column } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { PagedTable } from '~/shared/ui/PagedTable';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import { Action } from '../act/Action';
import { dealersQuery } from '../dealers/data';
import { when } from '../when';
import { resolve, reviewsQuery, type Review } from './data';

export function Reviews() {
  const reviews = useQuery(reviewsQuery);
  const dealers = useQuery(dealersQuery);
  const dealerOf = (id: string) => dealers.data?.find((dealer) => dealer.id === id);
  const columns: Column<Review>[] = [
    {
      name: 'ICCID',
      cell: (review) => <span className="mono">{iccidGroups(review.iccid)}</span>,
      csv: (review) => review.iccid,
    },
    {
      name: 'Dealer',
      cell: (review) => {
        const dealer = dealerOf(review.dealer);
        if (!dealer) return <span className="mono">{review.dealer.slice(0, 8)}</span>;
        return (
          <Anchor component={Link} to={`/dealers/${dealer.email}`} size="sm">
            {dealer.company}
          </Anchor>
        );
      },
      csv: (review) => dealerOf(review.dealer)?.email ?? review.dealer,
    },
    { name: 'Pool', cell: (review) => review.pool, csv: (review) => review.pool },
    {
      name: 'What the device found',
      cell: (review) => <Tag color="yellow">{review.validator_status ?? 'nothing'}</Tag>,
      csv: (review) => review.validator_status,
    },
    {
      name: 'Asked for',
      cell: (review) => when(review.requested_at),
      csv: (review) => review.requested_at,
    },
    { name: '', right: true, cell: (review) => <Decide review={review} /> },
  ];
  return (
    <Page
      name="Reviews"
      lead="Replacements that no device could decide about"
      actions={
        <ExportButton
          file="reviews.csv"
          columns={columns}
          rows={() => reviews.data ?? []}
          disabled={!reviews.data?.length}
        />
      }
    >
      <Card flush>
        <Shown of={reviews} lines={6}>
          {(rows) => (
            <PagedTable
              caption="Replacements to decide about"
              noun="replacement"
              columns={columns}
              rows={rows}
              keyOf={(review) => review.check_id}
              empty={
                <Empty title="Nothing to decide">
                  Most replacements are decided by a device. What it was not sure of appears here.
                </Empty>
              }
            />
          )}
        </Shown>
      </Card>
    </Page>
  );
}

const note = { label: 'Why, for those who look later', longest: 500 };

function Decide({ review }: { review: Review }) {
  const iccid = iccidGroups(review.iccid);
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <Action
        name="Replace"
        about={review.iccid}
        look={{ size: 'compact-sm' }}
        role="support"
        title="Replace the eSIM"
        says={`The dealer gets another one of ${review.pool}, free of charge, as soon as there is one. ${iccid} is burned.`}
        reason={note}
        typed={review.iccid.slice(-4)}
        confirm="Replace"
        run={async (why) => {
          await resolve(review.check_id, 'replace', why);
          return 'The eSIM is replaced.';
        }}
      />
      <Action
        name="Reject"
        about={review.iccid}
        look={{ size: 'compact-sm', variant: 'subtle', color: 'red' }}
        role="support"
        title="Replace nothing"
        says={`The dealer is told that ${iccid} is not replaced.`}
        reason={note}
        isDangerous
        confirm="Reject"
        run={async (why) => {
          await resolve(review.check_id, 'reject', why);
          return 'The replacement is rejected.';
        }}
      />
    </Group>
  );
}
