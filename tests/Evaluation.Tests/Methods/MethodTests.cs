using IlgpuDca.Kernels.Attention;
using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Tests;
using Xunit;

namespace IlgpuDca.Evaluation.Tests;

/// <summary>What each method makes of a text of models/tiny (512 trained tokens, base 10,000, heads of 64), against its formula in double.</summary>
public sealed class MethodTests
{
    const int Trained = 512, HeadSize = 64;
    const double Theta = 10_000;

    static readonly ModelConfig _tiny = ModelConfig.Open(ModelSource.FromFolder(Repository.TinyModel));

    /// <summary>Frequencies are computed by the same double formulas in another order.</summary>
    const double PhaseLimit = 1e-9;

    public static TheoryData<string, int> Cases
    {
        get
        {
            TheoryData<string, int> cases = [];
            foreach (string name in Methods.All.Select(method => method.Name).Append("dca:s=256:pmax=384").Append("dca-pi:factor=3").Append("plain:window=100"))
                foreach (int length in (int[])[300, 512, 513, 1024, 4096, 16_384])
                    cases.Add(name, length);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void PhasesAreTheFormulas(string name, int length)
    {
        AttentionPlan plan = Method.Parse(name).Plan(_tiny, length);
        double ratio = Math.Max(1, (double)length / Trained), factor = name.Contains("factor=3") ? 3 : name.StartsWith("dca-") ? Math.Sqrt(ratio) : ratio;
        string scaling = name.Split(':')[0].Replace("dca-", "");
        double stretch = scaling is "pi" or "ntk" or "yarn" ? factor : 1;
        (int chunk, int largest) = name.Contains("s=256") ? (256, 384) : ((int)(384 * stretch), (int)(512 * stretch) - 1);
        Random random = new(length);
        for (int round = 0; round < 300; round++)
        {
            int query = random.Next(length), key = random.Next(query + 1);
            double distance = name.StartsWith("dca") ? ChunkedDistance(query, key, chunk, largest, scaling != "intra-inter") : query - key;
            int found = plan.Geometry.QueryPosition(query, plan.Geometry.Relation(query, key)) - plan.Geometry.KeyPosition(key);
            for (int i = 0; i < HeadSize / 2; i++)
            {
                double expected = distance * Frequency(scaling, i, factor, length);
                Assert.True(Math.Abs(found * plan.Rope.Frequencies[i] - expected) <= PhaseLimit * Math.Max(1, Math.Abs(expected)),
                    $"{name} at {length}: query {query}, key {key}, pair {i}: {found * plan.Rope.Frequencies[i]:R}, expected {expected:R}");
            }
        }
        double temperature = scaling == "yarn" ? Math.Pow(0.1 * Math.Log(factor) + 1, 2) : 1;
        Assert.Equal(temperature, plan.Temperature, 12);
        Assert.Equal(scaling switch { "intra" => 1, "intra-successive" => 2, _ => int.MaxValue }, plan.Geometry.VisibleChunks);
        Assert.Equal(name.Contains("window") ? 100 : int.MaxValue, plan.Geometry.Window);
        Assert.Equal(name.StartsWith("dca"), !plan.Geometry.IsDense);
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void PaperChunksStandWhateverTheConfigHas()
    {
        ModelConfig other = _tiny with { DualChunk = new DualChunkConfig(300, 100, 256) };
        Assert.Equal(new DcaGeometry(200, 300), Method.Parse("dca").Plan(other, 2048).Geometry);
        Assert.True(Method.Parse("dca").Plan(other, 2048).Temperature > 1);
        AttentionPlan paper = Method.Parse("dca-paper").Plan(other, 2048);
        Assert.Equal(new DcaGeometry(384, 511), paper.Geometry);
        Assert.Equal(1, paper.Temperature);
        Assert.Equal(1, Method.Parse("dca:temperature=none").Plan(other, 2048).Temperature);
    }

    [Fact]
    public void UpToTheTrainedLengthScalingsChangeNothing()
    {
        AttentionPlan plain = Method.Parse("plain").Plan(_tiny, Trained), dca = Method.Parse("dca").Plan(_tiny, Trained);
        foreach (Method method in Methods.All.Where(method => method.Scaling is not null))
        {
            AttentionPlan plan = method.Plan(_tiny, Trained), same = method.IsChunked ? dca : plain;
            Assert.Equal(same.Geometry, plan.Geometry);
            Assert.Equal(same.Temperature, plan.Temperature);
            for (int i = 0; i < HeadSize / 2; i++)
                Assert.Equal(same.Rope.Frequencies[i], plan.Rope.Frequencies[i], 15);
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("dca:s=256:pmax=384")]
    [InlineData("dca-yarn:s=300:factor=2.5:temperature=qwen")]
    [InlineData("yarn:window=64")]
    public void AMethodIsWrittenAsItIsRead(string text) => Assert.Equal(text, Method.Parse(text).ToString());

    [Theory]
    [InlineData("yaarn", "did you mean yarn?")]
    [InlineData("nothing", "there are plain, pi, ntk")]
    [InlineData("plain:s=4", "has no chunks")]
    [InlineData("dca:factor=2", "scales nothing")]
    [InlineData("dca:s=256:s=300", "twice")]
    [InlineData("dca:s=0", "whole number from 1")]
    [InlineData("dca:s", "KEY=VALUE")]
    [InlineData("dca:chunk=7", "'chunk' is no change")]
    [InlineData("pi:factor=0.5", "from 1 to 10000")]
    [InlineData("dca:temperature=hot", "one of none, qwen")]
    public void WhatIsNoMethodIsRefused(string text, string part) =>
        Assert.Contains(part, Assert.Throws<UsageException>(() => Method.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("dca:s=100:pmax=98")]
    [InlineData("dca:s=100:pmax=200")]
    public void PositionsOutsideTheirRangeAreRefused(string text) =>
        Assert.Contains("from 99 to 199", Assert.Throws<UsageException>(() => Method.Parse(text).Plan(_tiny, 1000)).Message, StringComparison.Ordinal);

    static double ChunkedDistance(int query, int key, int chunk, int largest, bool hasSuccessive)
    {
        int place = query % chunk;
        int position = (query / chunk - key / chunk) switch
        {
            0 => place,
            1 when hasSuccessive => Math.Min(chunk + place, largest),
            _ => largest,
        };
        return position - key % chunk;
    }

    /// <summary>Radians a token, as the settings of the reference table say them.</summary>
    static double Frequency(string scaling, int i, double factor, int length)
    {
        double plain = Math.Pow(Theta, -2.0 * i / HeadSize), exponent = (double)HeadSize / (HeadSize - 2);
        switch (scaling)
        {
            case "pi":
                return plain / factor;
            case "ntk":
                return Math.Pow(Theta * Math.Pow(factor, exponent), -2.0 * i / HeadSize);
            case "dynamic":
                double grown = factor * Math.Max(1, (double)length / Trained) - (factor - 1);
                return Math.Pow(Theta * Math.Pow(grown, exponent), -2.0 * i / HeadSize);
            case "yarn":
                double fast = Math.Floor(Pair(32)), slow = Math.Ceiling(Pair(1)), interpolated = Math.Clamp((i - fast) / (slow - fast), 0, 1);
                return plain * (1 - interpolated) + plain / factor * interpolated;
            default:
                return plain;
        }

        static double Pair(double turns) => HeadSize * Math.Log(Trained / (2 * Math.PI * turns)) / (2 * Math.Log(Theta));
    }
}
