using IlgpuDca.Kernels.Hopper;
using Xunit;

namespace IlgpuDca.Kernels.Tests;

/// <summary>In which order attention takes its tiles.</summary>
public class AttentionOrderTests
{
    [Theory]
    [InlineData(32, 4, 32)]
    [InlineData(7, 4, 28)]
    [InlineData(5, 16, 40)]
    [InlineData(1, 1, 3)]
    public void EveryTileOfEveryHeadIsTakenOnceTheLongestOfABandFirst(int tiles, int headsTogether, int heads)
    {
        AttentionOrder order = new(tiles, headsTogether);
        List<(int Head, int Tile)> taken = [.. Enumerable.Range(0, tiles * heads).Select(n => order.Of(n, heads))];
        Assert.Equal(
            from head in Enumerable.Range(0, heads) from tile in Enumerable.Range(0, tiles) select (head, tile), taken.Order());
        foreach (((int Head, int Tile) before, (int Head, int Tile) after) in taken.Zip(taken.Skip(1)))
            Assert.True(before.Head / headsTogether < after.Head / headsTogether
                || before.Head / headsTogether == after.Head / headsTogether && before.Tile >= after.Tile);
    }

    /// <summary>On 132 multiprocessors with 25 MB for keys and values of 2 MB for 4,096 tokens.</summary>
    [Theory]
    [InlineData(32, 32, 4_096, 4)]
    [InlineData(4, 32, 512, 32)]
    [InlineData(4, 3, 512, 2)]
    [InlineData(128, 32, 16_384, 1)]
    [InlineData(128, 8, 4_096, 1)]
    [InlineData(8, 32, 32_768, 1)]
    public void HeadsAreTakenTogetherUntilHalfOfTheMachineIsBusy(int tiles, int kvHeads, int tokens, int together) =>
        Assert.Equal(together, AttentionOrder.KvHeadsTogether(tiles, kvHeads, 132, 512L * tokens, 25_000_000));
}
