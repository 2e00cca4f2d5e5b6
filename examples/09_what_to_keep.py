"""Many draws, little memory: hits and quantiles instead of paths, and two threads with the bits of one."""

import sxsim as sx

plan = sx.load_plan("shanxi-2014")
model = sx.fit(plan.history, until=plan.fit_until)

# How many of a million paths hit each target: a few numbers stay of them.
hits = sx.simulate(model, plan.scenarios, draws=1_000_000, rng=7, keep=sx.Hits(plan.targets), threads=2)
for scenario in hits.scenario.values:
    found = hits.sel(scenario=scenario)
    print(f"{scenario}: {int(found.joint)} of {hits.attrs['draws']:,} paths hit all targets")
    for target in found.target.values[found.reason.values == ""]:
        one = found.sel(target=target)
        print(f"  {target:10} {float(one.probability):.4f} +- {float(one.standard_error):.4f}")

alone = sx.simulate(model, plan.scenarios, draws=1_000_000, rng=7, keep=sx.Hits(plan.targets))
assert hits.identical(alone)

# Quantiles are counted in narrow windows around where they must lie; how finely stands beside them.
names = ["rd_intensity"]
fan = sx.simulate(model, until=2020, draws=200_000, rng=7, indicators=names, keep=sx.Quantiles())
last = fan.sel(year=2020, scenario="trend")
for level in last["quantile"].values:
    value = last.sel(quantile=level)
    print(f"{level:5.0%}  {float(value.rd_intensity):.3f} +- {float(value.rd_intensity_error):.3f}")

# As sure as asked for: draws go on until no probability is less sure than this.
sure = sx.attainment(model, plan.targets, method=sx.MonteCarlo(until_error=0.0005), rng=7)
print(f"{sure.attrs['draws']:,} draws for a standard error of at most {float(sure.standard_error.max()):.6f}")
