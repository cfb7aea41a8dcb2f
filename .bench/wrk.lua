-- Posts a body of as many bytes as the first argument says. The last line of the output is for machines:
-- requests, microseconds, errors, and the 50th and the 99th percentile of latency in microseconds

function init(args)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/octet-stream"
  wrk.body = string.rep("x", tonumber(args[1]))
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format("%d %d %d %d %d", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
