import { useQuery } from '@tanstack/react-query';
import { count } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { Action } from '../act/Action';
import type { Tone } from '../tone';
import { drain, nodesQuery, type Node } from './data';
import { Certificates } from './Certificates';
import { Keys } from './Keys';
import { LedgerProof } from './LedgerProof';
import { Restored } from './Restored';

const states: Record<Node['state'], { name: string; tone: Tone }> = {
  up: { name: 'Up', tone: 'green' },
  draining: { name: 'Draining', tone: 'yellow' },
  down: { name: 'Down', tone: 'red' },
};

const columns: Column<Node>[] = [
  { name: 'Node', whole: true, cell: (node) => <strong>{node.name}</strong> },
  { name: 'State', cell: (node) => <Tag color={states[node.state].tone}>{states[node.state].name}</Tag> },
  { name: 'Version', cell: (node) => node.version ?? 'not told' },
  { name: 'Roles', cell: (node) => node.roles.join(', ') },
  { name: 'Dealers’ port', cell: (node) => <span className="mono">{node.http}</span> },
  { name: 'Operators’ port', cell: (node) => <span className="mono">{node.admin}</span> },
  { name: 'Process', right: true, cell: (node) => node.pid },
  { name: 'Entities', right: true, cell: (node) => count(node.entities) },
  { name: '', right: true, cell: (node) => node.state === 'up' && <DrainAction node={node} /> },
];

function DrainAction({ node }: { node: Node }) {
  return (
    <Action
      name="Drain"
      about={node.name}
      look={{ size: 'compact-sm', variant: 'subtle', color: 'red' }}
      role="admin"
      title={`Take ${node.name} out of service`}
      says="It hands its wallets, dealers and stock to the other nodes, and takes no more work until it is started anew. It answers what still comes, so no request fails, and waits to be stopped. The last node keeps what it has, and takes nothing new."
      typed={node.name}
      isDangerous
      confirm="Take out of service"
      run={async () => {
        await drain(node.name);
        return `${node.name} is draining.`;
      }}
    />
  );
}

export function Nodes() {
  const nodes = useQuery(nodesQuery);
  return (
    <Page name="Nodes">
      <Card flush>
        <Shown of={nodes} lines={3}>
          {(rows) => (
            <DataTable
              caption="Nodes"
              columns={columns}
              rows={rows}
              keyOf={(node) => node.name}
              empty={<Empty title="No node is known" />}
            />
          )}
        </Shown>
      </Card>
      <div className={ui.two}>
        <LedgerProof />
        <Restored />
      </div>
      <Keys />
      <Certificates />
    </Page>
  );
}
