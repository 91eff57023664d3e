namespace IlgpuDca.Evaluation.Study.Tasks;

/// <summary>What tasks that look for answers have to tell.</summary>
static class RetrievalMeasure
{
    public static StudyMeasure Of(IReadOnlyList<RetrievalCell> cells)
    {
        int correct = cells.Sum(cell => cell.Correct), trials = cells.Sum(cell => cell.Trials);
        return new StudyMeasure
        {
            Figures = new Dictionary<string, double>
            {
                [Figure.Accuracy] = (double)correct / trials,
                [Figure.Correct] = correct,
                [Figure.Trials] = trials,
            },
            Depths = [.. cells.Select(cell => new DepthPoint(cell.Depth, cell.Correct, cell.Trials))],
        };
    }
}
