namespace IlgpuDca.Evaluation;

/// <summary>Keeps the windows of one measurement that are done, so that it can go on after an interruption.</summary>
public interface IFinishedWindows
{
    /// <summary>The sums of nll of a window, one for each bucket of the curve; null where it is not done.</summary>
    double[]? Find(int window);

    /// <summary>Keeps a window's sums before the next window begins.</summary>
    void Add(int window, double[] sums);
}
