namespace IlgpuDca.Evaluation;

/// <summary>Where facts stand in a text.</summary>
public static class Depths
{
    /// <summary>
    /// One of some depths from 0 to 1 with the same distance between; one alone stands in the middle.
    /// </summary>
    public static double Even(int step, int steps) => steps == 1 ? 0.5 : (double)step / (steps - 1);
}
