import {
  Alert,
  Button,
  Checkbox,
  FileButton,
  Group,
  NativeSelect,
  Stack,
  Text,
  TextInput,
  Textarea,
} from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useRef, useState, type DragEvent } from 'react';
import { newKey } from '~/shared/api/client';
import { asProblem } from '~/shared/api/problem';
import { count, plural, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { submitBatch, tryBatch } from './data';
import { Findings } from './Findings';
import { codesOf, decodeText, readCodes } from './read-codes';
import css from './verification.module.css';

/** Takes codes as text or file, shows what they are and what checking them costs, and pays for it. */
export function NewBatch() {
  const [text, setText] = useState('');
  const [column, setColumn] = useState<number | null>(null);
  const [deduplicate, setDeduplicate] = useState(true);
  const [email, setEmail] = useState('');
  const [isOver, setIsOver] = useState(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const key = useRef(newKey());

  const sheet = useMemo(() => {
    const read = readCodes(text);
    return column === null ? read : { ...read, column };
  }, [text, column]);
  const codes = useMemo(() => codesOf(sheet), [sheet]);

  const looking = useMutation({ mutationFn: () => tryBatch({ lpas: codes, deduplicate }) });
  const paying = useMutation({
    mutationFn: (maxPriceUsd: number) =>
      submitBatch(
        { lpas: codes, deduplicate, maxPriceUsd, notify_email: email.trim() || undefined },
        key.current,
      ),
    onSuccess: async (batch) => {
      await queries.invalidateQueries({ queryKey: ['wallet'] });
      await navigate({ to: '/verification/$batch', params: { batch: batch.batch_id } });
    },
  });

  /** Another text is another batch: what was found out about the one before says nothing. */
  const begin = (change: () => void) => {
    change();
    looking.reset();
    paying.reset();
    key.current = newKey();
  };
  const takeFile = async (file: File | null | undefined) => {
    if (!file) return;
    const content = decodeText(await file.arrayBuffer());
    begin(() => {
      setColumn(null);
      setText(content);
    });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void takeFile(event.dataTransfer.files[0]);
  };
  const found = looking.data;
  const problem = paying.error ?? looking.error;

  return (
    <Card title="New batch">
      <Stack>
        <div
          className={`${css.drop} ${isOver ? css.over : ''}`}
          onDragOver={(event) => {
            event.preventDefault();
            setIsOver(true);
          }}
          onDragLeave={() => setIsOver(false)}
          onDrop={drop}
        >
          <Textarea
            label="Activation codes"
            description="Paste them one a line, or drop a file here: text or CSV, with or without a header."
            placeholder="LPA:1$smdp.example.com$AYU36-O48VE-8PWDE"
            value={text}
            onChange={(event) => {
              const value = event.currentTarget.value;
              begin(() => {
                setColumn(null);
                setText(value);
              });
            }}
            rows={6}
            spellCheck={false}
            classNames={{ input: 'mono' }}
          />
        </div>
        <Group justify="space-between">
          <FileButton
            onChange={(file) => void takeFile(file)}
            accept=".csv,.txt,text/csv,text/plain"
            inputProps={{ 'aria-label': 'File with activation codes' }}
          >
            {(props) => (
              <Button {...props} variant="default" size="sm" leftSection={<IconUpload size={16} />}>
                Choose a file
              </Button>
            )}
          </FileButton>
          <Text size="sm" c="dimmed" role="status">
            {text.trim() !== '' &&
              (sheet.column < 0 ? 'Which column has the codes?' : `${plural(codes.length, 'code')} read`)}
          </Text>
        </Group>
        {sheet.columns.length > 1 && (
          <NativeSelect
            label="Column with the codes"
            value={String(sheet.column)}
            onChange={(event) => {
              const chosen = Number(event.currentTarget.value);
              begin(() => setColumn(chosen));
            }}
            data={[
              { value: '-1', label: 'Choose a column' },
              ...sheet.columns.map((name, index) => ({ value: String(index), label: name })),
            ]}
          />
        )}
        <Checkbox
          label="Check each code once, however often it stands there"
          checked={deduplicate}
          onChange={(event) => {
            const value = event.currentTarget.checked;
            begin(() => setDeduplicate(value));
          }}
        />
        <TextInput
          label="Mail the results to"
          description="Optional. One mail when the batch is complete."
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        {problem && (
          <Alert color="red" role="alert" variant="light">
            {asProblem(problem).message}
          </Alert>
        )}
        {found && <Findings found={found} />}
        <Group justify="flex-end">
          {found ? (
            <Button loading={paying.isPending} onClick={() => paying.mutate(found.totalUsd)}>
              Check {count(found.rows - (deduplicate ? found.duplicates : 0))} for {usd(found.totalUsd)}
            </Button>
          ) : (
            <Button
              disabled={codes.length === 0}
              loading={looking.isPending}
              onClick={() => looking.mutate()}
            >
              Show the price
            </Button>
          )}
        </Group>
      </Stack>
    </Card>
  );
}
