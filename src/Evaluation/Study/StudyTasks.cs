using IlgpuDca.Evaluation.Study.Tasks;

namespace IlgpuDca.Evaluation.Study;

/// <summary>The tasks of a study by their JSON objects.</summary>
static class StudyTasks
{
    const int DefaultTrials = 20, DefaultDepths = 5;

    static readonly string[] _kinds = ["perplexity", "passkey", "needle", "ruler", "speed"];

    public static IStudyTask Read(JsonPlace place, StudyTexts texts)
    {
        if (place.Value.ValueKind != System.Text.Json.JsonValueKind.Object)
            place.RequireKeys("task");
        string kind = place.Require("task", $"one of {string.Join(", ", _kinds)}").Word(_kinds);
        switch (kind)
        {
            case "perplexity":
                place.RequireKeys("task", "text", "tokens", "protocol", "stride");
                return new PerplexityTask(texts.Read(place.Require("text", "a text's name or path")),
                    place.Require("tokens", "how many to read").Integer(1), Settings(place));
            case "passkey":
                place.RequireKeys("task", "trials", "depths", "keys");
                return new PasskeyTask(Integer("trials", DefaultTrials), place.Find("depths")?.Integer(1),
                    place.Find("keys") is { } keys ? new PasskeyKeyFile(texts.Read(keys)) : null);
            case "needle":
                place.RequireKeys("task", "text", "trials", "depths", "needles", "distractors");
                return new NeedleSearchTask(place.Find("text") is { } text ? texts.Read(text) : null, new NeedleSetting
                {
                    Trials = Integer("trials", 1),
                    Depths = Integer("depths", DefaultDepths),
                    DrawnNeedles = Integer("needles", 1),
                    DrawnDistractors = place.Find("distractors")?.Integer(0) ?? 0,
                });
            case "ruler":
                place.RequireKeys("task", "name", "text", "samples");
                return new RulerTask(place.Require("name", $"one of {string.Join(", ", SyntheticTasks.Names)}").Word(SyntheticTasks.Names),
                    place.Find("text") is { } haystack ? texts.Read(haystack) : null, Integer("samples", DefaultTrials));
            default:
                place.RequireKeys("task", "repetitions", "decode");
                return new SpeedTask(Integer("repetitions", 3), Integer("decode", 32));
        }

        int Integer(string key, int standard) => place.Find(key)?.Integer(1) ?? standard;
    }

    static PerplexitySettings Settings(JsonPlace place)
    {
        PerplexityProtocol protocol = place.Find("protocol")?.Word("window", "paper", "stride") switch
        {
            "paper" => PerplexityProtocol.Paper,
            "stride" => PerplexityProtocol.Stride,
            _ => PerplexityProtocol.Window,
        };
        if (place.Find("stride") is not { } stride)
            return new PerplexitySettings(protocol);
        if (protocol == PerplexityProtocol.Window)
            throw stride.Wrong("has no use, as windows don't overlap. Fix: leave it out, or give \"protocol\": \"paper\" or \"stride\".");
        return new PerplexitySettings(protocol, stride.Integer(1));
    }
}
