import { Badge, Button, Code, Drawer } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { moment } from '~/shared/text/format';
import { failed, told } from '~/shared/ui/notify';
import { Empty, Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { deliveriesQuery, replay, type Delivery, type Webhook } from './data';
import css from './developers.module.css';

const looks = {
  pending: { name: 'Being sent', color: 'blue' },
  delivered: { name: 'Delivered', color: 'green' },
  failed: { name: 'Failed', color: 'red' },
};

export function Deliveries({ hook, onClose }: { hook: Webhook | null; onClose: () => void }) {
  return (
    <Drawer
      opened={hook !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title="Deliveries"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {hook && <List hook={hook} />}
    </Drawer>
  );
}

function List({ hook }: { hook: Webhook }) {
  const list = useInfiniteQuery(deliveriesQuery(hook.id));
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Shown of={list}>
      {() => (
        <>
          {rows.length === 0 && (
            <Empty title="Nothing was sent yet">Send a test event to see that it arrives.</Empty>
          )}
          <ul className={css.deliveries}>
            {rows.map((delivery) => (
              <Item key={delivery.id} hook={hook} delivery={delivery} />
            ))}
          </ul>
          {list.hasNextPage && (
            <Button
              variant="default"
              size="sm"
              loading={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              Show more
            </Button>
          )}
        </>
      )}
    </Shown>
  );
}

function Item({ hook, delivery }: { hook: Webhook; delivery: Delivery }) {
  const queries = useQueryClient();
  const again = useMutation({
    mutationFn: () => replay(hook.id, delivery.id),
    onSuccess: async () => {
      told('It is sent again.');
      await queries.invalidateQueries({ queryKey: ['deliveries', hook.id] });
    },
    onError: failed,
  });
  const look = looks[delivery.status];
  return (
    <li className={css.delivery}>
      <div className={css.line}>
        <strong>{delivery.event}</strong>
        <Badge variant="light" tt="none" fw={500} color={look.color}>
          {look.name}
        </Badge>
      </div>
      <div className={ui.label}>
        {moment(delivery.createdAt)}
        {delivery.httpStatus !== null && ` · answered ${delivery.httpStatus}`}
        {delivery.tookMs !== null && ` in ${delivery.tookMs} ms`}
        {delivery.attempts > 1 && ` · ${delivery.attempts} attempts`}
      </div>
      {delivery.error && <div className={css.error}>{delivery.error}</div>}
      <details>
        <summary>Message and answer</summary>
        <Code block>{JSON.stringify(delivery.body, null, 2)}</Code>
        {delivery.answer && <Code block>{delivery.answer}</Code>}
      </details>
      <Button
        size="compact-sm"
        variant="default"
        loading={again.isPending}
        disabled={hook.disabled}
        onClick={() => again.mutate()}
      >
        Send again
      </Button>
    </li>
  );
}
