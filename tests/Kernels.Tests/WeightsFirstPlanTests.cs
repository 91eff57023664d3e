using IlgpuDca.Kernels.Hopper;
using IlgpuDca.Kernels.MatMul;
using Xunit;

namespace IlgpuDca.Kernels.Tests;

/// <summary>How products are divided.</summary>
public class WeightsFirstPlanTests
{
    /// <summary>Columns of 128 that make a tile.</summary>
    const int TileColumns = 128;

    /// <summary>Plain, codes that are converted, 8-bit floats.</summary>
    static readonly CodeFormat[] s_formats = [new(CodeFormat.PlainBits, 0, 0), new(4, 5, 0), new(8, 7, 2)];

    [Fact]
    public void PartsHaveRoomAndWork()
    {
        foreach (int multiprocessors in (int[])[1, 78, 132])
            foreach (CodeFormat format in s_formats)
                foreach (int rows in (int[])[1, 2, 16, 17, 64, 65, 200, 512, 4096, 100_000])
                    foreach (int columns in (int[])[8, 128, 1000, 11008, 152_064])
                        foreach (int inner in (int[])[8, 128, 4096, 28672])
                        {
                            MatMulShape shape = new(rows, columns, inner);
                            WeightsFirstPlan plan = WeightsFirstPlan.For(shape, format, multiprocessors);
                            int tiles = (rows + plan.TileRows - 1) / plan.TileRows * ((columns + TileColumns - 1) / TileColumns);
                            Assert.True(plan.Parts == 1
                                || WeightsFirstPlan.HasRoom(plan.TileRows, (long)tiles * plan.Parts, multiprocessors), $"{shape}: {plan}");
                            Assert.InRange(plan.Parts, 1, (inner + 127) / 128);
                        }
    }

    [Theory]
    [InlineData(16, 4096, 11008, 0, 16)]
    [InlineData(64, 11008, 4096, 1, 64)]
    [InlineData(512, 11008, 4096, 1, 176)]
    [InlineData(4096, 11008, 4096, 1, 256)]
    [InlineData(4096, 11008, 4096, 2, 128)]
    public void TilesFitTheRows(int rows, int columns, int inner, int format, int tileRows) => Assert.Equal(
        tileRows, WeightsFirstPlan.For(new MatMulShape(rows, columns, inner), s_formats[format], 132).TileRows);

    [Fact]
    public void FewTilesAreCutIntoParts() =>
        Assert.InRange(WeightsFirstPlan.For(new MatMulShape(16, 4096, 11008), s_formats[1], 132).Parts, 4, 8);
}
