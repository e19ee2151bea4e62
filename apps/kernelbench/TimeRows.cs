using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelBench;

/// <summary>
/// A thread of low priority reads the counter all the time; one of high priority, with a budget of a microsecond in
/// each twenty, is woken by its refill, which the timer brings.
/// </summary>
internal static class TimeRows
{
    private const uint SpinnerPriority = 20;
    private const ulong BudgetMicroseconds = 1;
    private const ulong PeriodMicroseconds = 20;

    public static void Run()
    {
        Servant spinner = Servant.Make(Places.Other, 0, SpinnerPriority, Entries.Spinner);
        Workshop.Must(spinner.Thread.Resume());
        Board.Set(MeasureLayout.Rounds, Samples.Capacity);
        Servant refilled = Servant.Make(Workshop.OwnSpace, 0, NotificationRows.WaiterPriority, Entries.Refilled);
        Workshop.Must(refilled.Context.Configure(BudgetMicroseconds, PeriodMicroseconds, Workshop.Control(0)));
        Workshop.Must(refilled.Thread.Resume());
        Report.Begin();
        Workshop.Must(Places.Done.Wait(out ulong bits));
        Report.Check(bits == 1, bits);
        Workshop.Must(spinner.Thread.Suspend());
        for (int i = 0; i < Samples.Capacity; i++)
        {
            Report.Add(Board.Sample(MeasureLayout.ToHandler, i) - Measurement.EmptyPlain);
        }
        Report.End("timer-to-handler"u8, 0);
    }
}
