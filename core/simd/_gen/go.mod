module github.com/spikechat/spikechat/core/simd/_gen

go 1.27
