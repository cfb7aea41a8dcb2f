-- Posts one part of as many bytes as the first argument says. The rest is as in wrk.lua

dofile(".bench/wrk.lua")

local body = init

function init(args)
  body(args)
  wrk.headers["Content-Type"] = "multipart/form-data; boundary=x"
  wrk.body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n" .. wrk.body
    .. "\r\n--x--\r\n"
end
