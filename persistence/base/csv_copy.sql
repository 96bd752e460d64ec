-- name: set_copy_parameters
SELECT count(set_config('meisim.' || name, value, false)) FROM unnest(:names::text[], :values::text[]) AS p(name, value);
