import { Alert, Checkbox, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { plural, usd } from '~/shared/text/format';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Action } from '../act/Action';
import { previewRule, setRule, type PricePreview } from './data';
import { emptyForm, readForm, subjectOf, valueOf, type RuleForm } from './rules';

type Priced = PricePreview['products'][number];

const columns: Column<Priced>[] = [
  { name: 'Product', cell: (one) => one.name },
  { name: 'Cost', right: true, cell: (one) => (one.costUsd === null ? '–' : usd(one.costUsd)) },
  { name: 'Now', right: true, cell: (one) => usd(one.oldPriceUsd) },
  { name: 'Then', right: true, cell: (one) => <strong>{usd(one.newPriceUsd)}</strong> },
];

/** Sets a rule: first it is shown what would cost something else, and then it is set. */
export function NewRule() {
  const [form, setForm] = useState<RuleForm>(emptyForm);
  const [preview, setPreview] = useState<PricePreview>();
  const [mayLose, setMayLose] = useState(false);
  const { wish, flaw } = readForm(form);
  const change = (part: Partial<RuleForm>) => {
    setForm({ ...form, ...part });
    setPreview(undefined);
    setMayLose(false);
  };
  const field = (label: string, key: keyof RuleForm, placeholder: string) => (
    <TextInput
      label={label}
      placeholder={placeholder}
      type={key === 'from' ? 'datetime-local' : 'text'}
      autoComplete="off"
      value={form[key]}
      onChange={(event) => change({ [key]: event.currentTarget.value })}
    />
  );
  const isEmpty = Object.values(form).every((text) => text === '');
  const losing = preview?.belowCost ?? 0;
  return (
    <Action
      name="New rule"
      look={{ variant: 'filled' }}
      role="finance"
      title="New rule"
      isWide
      says="For what is left empty it holds whatever it is. A later rule for the same replaces it."
      typed={preview && wish ? (wish.product ?? wish.country ?? 'everything') : undefined}
      isReady={wish !== undefined && (losing === 0 || mayLose)}
      isDangerous={losing > 0}
      confirm={preview && wish ? `Set ${valueOf(wish)}` : 'Show what changes'}
      onOpen={() => {
        setForm(emptyForm);
        setPreview(undefined);
        setMayLose(false);
      }}
      run={async () => {
        if (!preview) {
          setPreview(await previewRule(wish!));
          return undefined;
        }
        await setRule(wish!, mayLose);
        return `The rule for ${subjectOf(wish!)} is set.`;
      }}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {field('Product', 'product', 'p3:data-us-5gb')}
        {field('Country', 'country', 'JP')}
        {field('Dealer', 'dealer', 'All dealers')}
        {field('From', 'from', '')}
        {field('Price in dollars', 'price', '9.99')}
        {field('Markup in %', 'markup', '12.5')}
      </SimpleGrid>
      {flaw && !isEmpty && (
        <Alert color="gray" variant="light" role="status">
          {flaw}
        </Alert>
      )}
      {preview && (
        <Stack gap="xs" role="status">
          <Alert color={losing > 0 ? 'red' : 'blue'} variant="light">
            {preview.changed === 0
              ? 'Nothing costs something else'
              : `${plural(preview.changed, 'price')} will change`}
            {losing > 0 && `, ${losing} of them to below cost`}.
          </Alert>
          <DataTable
            caption="What costs something else"
            columns={columns}
            rows={preview.products}
            keyOf={(one) => one.product}
            empty={null}
            foot={preview.changed > preview.products.length && `The first ${preview.products.length}`}
          />
          {losing > 0 && (
            <Checkbox
              label="Sell at a loss"
              checked={mayLose}
              onChange={(event) => setMayLose(event.currentTarget.checked)}
            />
          )}
        </Stack>
      )}
    </Action>
  );
}
