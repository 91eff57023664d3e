using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Evaluation.Study.Tasks;

/// <summary>A synthetic task of RULER's classes.</summary>
/// <param name="Name">As <see cref="SyntheticTasks"/> has it.</param>
/// <param name="Text">Between whose sentences facts are hidden; null: the filler of passkey retrieval.</param>
/// <param name="Samples">Of each length.</param>
public sealed record RulerTask(string Name, StudyText? Text, int Samples) : IStudyTask
{
    readonly SyntheticTask _task = SyntheticTasks.All(Text?.Content).Single(task => task.Name == Name);

    public string Kind => "ruler";

    public string Setting => $"ruler name={Name} samples={Samples}" + (Text is null ? "" : $" text={Text.Mark}");

    public string Title => $"RULER {Name}";

    public bool Draws => true;

    public StudyMeasure Run(Engine engine, AttentionPlan plan, int length, ulong seed, IProgress<double> progress, CancellationToken cancellation)
    {
        ITokenizer tokenizer = engine.Tokenizer ?? throw new UsageException("ruler needs a model with a tokenizer.");
        SyntheticSetting setting = new() { Samples = Samples, Seed = seed };
        SyntheticResult result = SyntheticRun.Measure(engine, plan, new PromptEncoder(tokenizer), _task, setting, length, progress, cancellation);
        return new StudyMeasure { Figures = new Dictionary<string, double> { [Figure.Accuracy] = result.Score, [Figure.Trials] = Samples } };
    }
}
