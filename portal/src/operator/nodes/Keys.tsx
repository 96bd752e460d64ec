import { Checkbox, PasswordInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Empty, Shown } from '~/shared/ui/states';
import { Action } from '../act/Action';
import { when } from '../when';
import { keysQuery, rotateKey, type NodeKey } from './data';

/** The service makes these itself. The others are shared with somebody else. */
const isMade = ({ name }: NodeKey) => name === 'jwt' || name === 'admin';

const columns: Column<NodeKey>[] = [
  { name: 'Secret', cell: (key) => <strong>{key.name}</strong> },
  { name: 'Told from others by', cell: (key) => <span className="mono">{key.id ?? 'not set'}</span> },
  { name: 'Since', cell: (key) => (key.since ? when(key.since) : '–') },
  { name: 'The one before holds until', cell: (key) => (key.formerUntil ? when(key.formerUntil) : '–') },
  { name: 'Comes from', cell: (key) => <span className="mono">{key.source}</span> },
  { name: '', right: true, cell: (key) => <RotateAction nodeKey={key} /> },
];

function RotateAction({ nodeKey }: { nodeKey: NodeKey }) {
  const [secret, setSecret] = useState('');
  const [atOnce, setAtOnce] = useState(false);
  const { name } = nodeKey;
  return (
    <Action
      name="Rotate"
      about={name}
      look={{ size: 'compact-sm', variant: 'subtle', color: 'red' }}
      role="admin"
      title={`Put another secret in the place of ${name}`}
      says="On all nodes, within seconds. The one before holds for a day, so that nobody has to hurry."
      typed={name}
      isDangerous
      isReady={isMade(nodeKey) || secret.trim() !== ''}
      confirm="Rotate"
      onOpen={() => {
        setSecret('');
        setAtOnce(false);
      }}
      run={async () => {
        const done = await rotateKey(name, isMade(nodeKey) ? undefined : secret.trim(), atOnce);
        return `${name} is ${done.id ?? 'another one'} now.`;
      }}
    >
      {!isMade(nodeKey) && (
        <PasswordInput
          label="New secret"
          description="As the other side has given it."
          autoComplete="off"
          maxLength={4096}
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
          data-autofocus
        />
      )}
      <Checkbox
        label="Somebody has the one before: it holds no longer"
        checked={atOnce}
        onChange={(event) => setAtOnce(event.currentTarget.checked)}
      />
    </Action>
  );
}

/** The secrets by which this node signs and calls; none of them is shown. */
export function Keys() {
  const keys = useQuery(keysQuery);
  return (
    <Card title="Secrets" flush>
      <Shown of={keys} lines={3}>
        {(rows) => (
          <DataTable
            caption="Secrets"
            columns={columns}
            rows={rows}
            keyOf={(key) => key.name}
            empty={<Empty title="This node has none" />}
          />
        )}
      </Shown>
    </Card>
  );
}
