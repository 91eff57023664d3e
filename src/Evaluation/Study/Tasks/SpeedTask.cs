using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Benchmarks.Speed;

namespace IlgpuDca.Evaluation.Study.Tasks;

/// <summary>Seconds of a prompt of the cell's length and of the tokens after it, and the memory that they take.</summary>
/// <param name="Repetitions">Timed runs after a warm-up.</param>
/// <param name="Decode">Tokens that are generated after the prompt.</param>
public sealed record SpeedTask(int Repetitions, int Decode) : IStudyTask
{
    public string Kind => "speed";

    public string Setting => $"speed repetitions={Repetitions} decode={Decode}";

    public string Title => "Time and memory";

    public bool Draws => false;

    public StudyMeasure Run(Engine engine, AttentionPlan plan, int length, ulong seed, IProgress<double> progress, CancellationToken cancellation)
    {
        SpeedBenchmark benchmark = new(engine, null, Repetitions, cancellation);
        SpeedRow prefill = benchmark.Prefill(plan, length, 0);
        progress.Report(0.5);
        SpeedRow decode = benchmark.Decode(plan, Decode, length);
        return new StudyMeasure
        {
            Figures = new Dictionary<string, double>
            {
                [Figure.Seconds] = prefill.Seconds.Average(),
                [Figure.SecondsDeviation] = prefill.Seconds.Average() * prefill.Deviation / prefill.Mean,
                [Figure.TokenMilliseconds] = decode.Seconds.Average() / Decode * 1e3,
                [Figure.Bytes] = prefill.ReportedBytes ?? prefill.PlannedBytes,
            },
        };
    }
}
