import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { Card } from '~/shared/ui/Card';
import { ExportButton, type Column } from '~/shared/ui/DataTable';
import { PagedTable } from '~/shared/ui/PagedTable';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { Action } from '../act/Action';
import { SearchField } from '../SearchField';
import { matches } from '../search';
import { when } from '../when';
import { mailsQuery, resendMail, type Mail } from './data';

function State({ mail }: { mail: Mail }) {
  const tone = mail.status === 'sent' ? 'green' : mail.status === 'failed' ? 'red' : 'blue';
  return (
    <>
      <Tag color={tone}>{mail.status}</Tag>
      {mail.failure && <div className={ui.lead}>{mail.failure}</div>}
    </>
  );
}

const columns: Column<Mail>[] = [
  { name: 'To', cell: (mail) => mail.recipient, csv: (mail) => mail.recipient },
  { name: 'Kind', cell: (mail) => mail.kind, csv: (mail) => mail.kind },
  { name: 'Written', cell: (mail) => when(mail.createdAt), csv: (mail) => mail.createdAt },
  { name: 'State', cell: (mail) => <State mail={mail} />, csv: (mail) => mail.status },
  {
    name: 'Sent',
    cell: (mail) => (mail.sentAt ? when(mail.sentAt) : '–'),
    csv: (mail) => mail.sentAt,
  },
  {
    name: '',
    right: true,
    cell: (mail) =>
      mail.canBeSent && (
        <Action
          name="Send again"
          about={`to ${mail.recipient}`}
          look={{ size: 'compact-sm' }}
          role="support"
          title="Send the mail again"
          says={`To ${mail.recipient}, as it was written. The mail server has refused it: ${mail.failure ?? 'it did not say why'}`}
          confirm="Send"
          run={async () => {
            await resendMail(mail.id);
            return 'The mail is on its way.';
          }}
        />
      ),
  },
];

export function Mails() {
  const [isFailed, setFailed] = useState(false);
  const [q, setQ] = useState<string>();
  const mails = useQuery(mailsQuery(isFailed));
  const rows = (mails.data ?? []).filter((mail) => matches(q, mail.recipient, mail.kind));
  return (
    <Card
      title="Mails"
      flush
      actions={
        <ExportButton file="mails.csv" columns={columns} rows={() => rows} disabled={rows.length === 0} />
      }
    >
      <div className={ui.filters}>
        <SearchField placeholder="Address or kind" value={q} set={setQ} />
        <Checkbox
          label="Only what was refused"
          pb="xs"
          checked={isFailed}
          onChange={(event) => setFailed(event.currentTarget.checked)}
        />
      </div>
      <Shown of={mails} lines={6}>
        {(all) => (
          <PagedTable
            caption="Mails"
            noun="mail"
            columns={columns}
            rows={rows}
            keyOf={(mail) => mail.id}
            empty={
              all.length > 0 ? (
                <Empty title="No mail matches" />
              ) : (
                <Empty title={isFailed ? 'No mail was refused' : 'No mails yet'} />
              )
            }
          />
        )}
      </Shown>
    </Card>
  );
}
