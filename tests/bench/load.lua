-- wrk's side of scripts/bench. By environment:
--   BENCH_CREDENTIALS  file, one header value a line; requests take them in turn
--   BENCH_HEADER       the header that a credential goes into, and BENCH_PREFIX what stands before it
--   BENCH_METHOD, BENCH_BODY
--   BENCH_REQUESTS     stop after so many requests (0: when wrk's time is over)
-- The last line of the output is: RESULT answers seconds p50_ms p99_ms refused broken

local requests = {}
local next_request = 0
local left = tonumber(os.getenv("BENCH_REQUESTS") or "0")

function init(args)
  local body = os.getenv("BENCH_BODY")
  if body == "" then
    body = nil
  end
  for credential in io.lines(os.getenv("BENCH_CREDENTIALS")) do
    local headers = { ["Connection"] = "keep-alive" }
    headers[os.getenv("BENCH_HEADER")] = (os.getenv("BENCH_PREFIX") or "") .. credential
    if body then
      headers["content-type"] = "application/json"
    end
    requests[#requests + 1] = wrk.format(os.getenv("BENCH_METHOD"), nil, headers, body)
  end
end

function request()
  next_request = next_request % #requests + 1
  if left > 0 then
    left = left - 1
    if left == 0 then
      wrk.thread:stop()
    end
  end
  return requests[next_request]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format("RESULT %d %.3f %.2f %.2f %d %d\n", summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
