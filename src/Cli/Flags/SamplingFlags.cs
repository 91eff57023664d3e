using System.CommandLine;
using System.Security.Cryptography;
using IlgpuDca.Kernels.Sampling;

namespace IlgpuDca.Cli.Flags;

/// <summary>How tokens are drawn; names and defaults as llama.cpp's.</summary>
sealed class SamplingFlags
{
    const float Most = 1e6f;

    readonly Option<float?> _temperature = Flag.Number("--temp", "Temperature; 0 takes the most probable token. Default: 0.8.", 0, Most);
    readonly Option<int?> _topK = Flag.Integer("--top-k", "Most probable tokens that stay; 0: all. Default: 40.", 0, int.MaxValue);
    readonly Option<float?> _topP = Flag.Number("--top-p", "Probability that stays; 1: all. Default: 0.95.", 0, 1);
    readonly Option<float?> _minP = Flag.Number("--min-p", "Least probability, as a part of the largest; 0: all. Default: 0.05.", 0, 1);
    readonly Option<float?> _repeat = Flag.Number("--repeat-penalty", "Divides the logits of recent tokens; 1: off. Default: 1.", 1e-3f, 1e3f);
    readonly Option<int?> _lastN = Flag.Integer("--repeat-last-n", "Recent tokens that penalties look at; -1: as many as can be. Default: 64.", -1, int.MaxValue);
    readonly Option<float?> _presence = Flag.Number("--presence-penalty", "Taken off the logits of recent tokens. Default: 0.", -Most, Most);
    readonly Option<float?> _frequency = Flag.Number("--frequency-penalty", "Taken off for each time a token occurred. Default: 0.", -Most, Most);
    readonly Option<long?> _seed = new("--seed", "-s")
    {
        Description = "Same seed, same text; -1: random. Default: -1.",
        HelpName = "N",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (long.TryParse(text, out long seed) && seed >= -1)
                return seed;
            result.AddError($"--seed is '{text}', but must be a whole number from 0 to {long.MaxValue}, or -1 for a random one");
            return null;
        },
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_temperature, _topK, _topP, _minP, _repeat, _lastN, _presence, _frequency, _seed])
            command.Add(option);
    }

    public SamplingOptions Of(ParseResult parsed)
    {
        SamplingOptions standard = new();
        int lastN = parsed.GetValue(_lastN) ?? standard.RepeatLastN;
        return new SamplingOptions
        {
            Temperature = parsed.GetValue(_temperature) ?? standard.Temperature,
            TopK = parsed.GetValue(_topK) ?? standard.TopK,
            TopP = parsed.GetValue(_topP) ?? standard.TopP,
            MinP = parsed.GetValue(_minP) ?? standard.MinP,
            RepeatPenalty = parsed.GetValue(_repeat) ?? standard.RepeatPenalty,
            RepeatLastN = lastN < 0 ? int.MaxValue : lastN,
            PresencePenalty = parsed.GetValue(_presence) ?? standard.PresencePenalty,
            FrequencyPenalty = parsed.GetValue(_frequency) ?? standard.FrequencyPenalty,
            Seed = parsed.GetValue(_seed) is >= 0 and var seed ? (ulong)seed : RandomSeed(),
        };
    }

    /// <summary>Below 2^63, so that it can be given back as --seed.</summary>
    static ulong RandomSeed() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) >> 1;
}
