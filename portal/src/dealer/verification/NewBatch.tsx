import {
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
import { count, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { Refusal } from '~/shared/ui/states';
import { t } from '../words';
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
    <Card title={t.verification.newBatch}>
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
            label={t.verification.codes}
            description={t.verification.codesHint}
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
            inputProps={{ 'aria-label': t.verification.file }}
          >
            {(props) => (
              <Button {...props} variant="default" size="sm" leftSection={<IconUpload size={16} />}>
                {t.verification.chooseFile}
              </Button>
            )}
          </FileButton>
          <Text size="sm" c="dimmed" role="status">
            {text.trim() !== '' &&
              (sheet.column < 0
                ? t.verification.whichColumn
                : t.verification.read(t.units.codes(codes.length)))}
          </Text>
        </Group>
        {sheet.columns.length > 1 && (
          <NativeSelect
            label={t.verification.column}
            value={String(sheet.column)}
            onChange={(event) => {
              const chosen = Number(event.currentTarget.value);
              begin(() => setColumn(chosen));
            }}
            data={[
              { value: '-1', label: t.verification.chooseColumn },
              ...sheet.columns.map((name, index) => ({ value: String(index), label: name })),
            ]}
          />
        )}
        <Checkbox
          label={t.verification.once}
          checked={deduplicate}
          onChange={(event) => {
            const value = event.currentTarget.checked;
            begin(() => setDeduplicate(value));
          }}
        />
        <TextInput
          label={t.verification.mailTo}
          maw={420}
          description={t.verification.mailToHint}
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Refusal error={problem} />
        {found && <Findings found={found} codes={codes} />}
        <Group justify="flex-end">
          {found ? (
            <Button loading={paying.isPending} onClick={() => paying.mutate(found.totalUsd)}>
              {t.verification.check(
                count(found.rows - (deduplicate ? found.duplicates : 0)),
                usd(found.totalUsd),
              )}
            </Button>
          ) : (
            <Button
              disabled={codes.length === 0}
              loading={looking.isPending}
              onClick={() => looking.mutate()}
            >
              {t.verification.showPrice}
            </Button>
          )}
        </Group>
      </Stack>
    </Card>
  );
}
